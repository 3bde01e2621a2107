"""Prompts are files: `prompts/<name>.md`, with their variables checked when they are loaded.

A prompt file:

    ---
    variables: question, sources
    ---
    # system
    Answer from the sources.
    # user
    {{sources}}

    Question: {{question}}

`variables` must be just what the program hands over (`VARIABLES`), and each must be used. A line `# system`,
`# user` or `# assistant` begins a message; every other heading is plain text. Single braces mean nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, cast

from rag.errors import PromptError
from rag.ports import ChatMessage

Role: TypeAlias = Literal["system", "user", "assistant"]

VARIABLES: Mapping[str, frozenset[str]] = {
    "answer": frozenset({"question", "sources", "boundary"}),
    "condense": frozenset({"question"}),
    "caption": frozenset({"words"}),
}
"""By prompt, what the program hands over; a file uses all of it and nothing else."""

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*\n", re.DOTALL | re.MULTILINE)
_ROLE = re.compile(r"^# (system|user|assistant)[ \t]*$", re.MULTILINE)
_SLOT = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A checked prompt. `digest` changes with its text: captions made with another prompt are other captions."""

    name: str
    variables: frozenset[str]
    messages: tuple[tuple[Role, str], ...]
    digest: str

    def render(self, **values: str) -> list[ChatMessage]:
        """Messages with the values put in, once: braces inside a value stay what they are.

        Raises:
            PromptError: a value is missing or has no place in the prompt.
        """
        if values.keys() != self.variables:
            odd = ", ".join(sorted(values.keys() ^ self.variables))
            raise PromptError(f"prompt '{self.name}' takes {_listed(self.variables)}; missing or not known: {odd}")
        return [
            ChatMessage(role, _SLOT.sub(lambda slot: values[slot[1].strip()], template))
            for role, template in self.messages
        ]


def default_folder() -> Path:
    """Where the prompts that come with the program are: inside the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "prompts"
    return inside if inside.is_dir() else package.parent / "prompts"


def load_prompt(name: str, folder: str | Path = "") -> Prompt:
    """Reads and checks `<folder>/<name>.md`.

    Args:
        name: a key of `VARIABLES`.
        folder: empty for the prompts that come with the program.

    Raises:
        PromptError: no such file, no messages, or a variable that is missing or invented; names file and variable.
    """
    path = (Path(folder).expanduser() if folder else default_folder()) / f"{name}.md"
    try:
        text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(
            f"prompt file {path} cannot be read: {error}. Put it there, or unset RAG_PROMPTS_DIR for the built-in ones"
        ) from error
    front = _FRONT_MATTER.match(text)
    body = text[front.end() :] if front else text
    _check(path, _declared(path, front[1] if front else ""), _used(body), VARIABLES[name])
    messages = _messages(path, body)
    _check_beginning(path, name, messages)
    return Prompt(name, VARIABLES[name], messages, hashlib.sha256(text.encode()).hexdigest()[:16])


def _check_beginning(path: Path, name: str, messages: Sequence[tuple[Role, str]]) -> None:
    """What every conversation begins with is the same bytes each time: a server that read it once need not again."""
    for role, template in messages[:-1] if name == "answer" else ():
        if slot := _SLOT.search(template):
            raise PromptError(
                f"{path} uses {slot[0]} in its {role} message, which has to be the same for every question; move it to "
                "the user's message at the end"
            )


def _declared(path: Path, front: str) -> list[str]:
    for line in front.splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "variables":
            return [name.strip() for name in value.strip().strip("[]").split(",") if name.strip()]
    raise PromptError(f"{path} does not declare its variables; begin it with ---, a line 'variables: ...', and ---")


def _used(body: str) -> list[str]:
    return [slot.strip() for slot in _SLOT.findall(body)]


def _check(path: Path, declared: Collection[str], used: Collection[str], given: Collection[str]) -> None:
    """The three must agree: what the file declares, what its text uses, what the program hands over."""
    for names, problem in (
        (set(used) - set(given), "uses {{%s}}, which does not exist"),
        (set(declared) - set(given), "declares the variable '%s', which does not exist"),
        (set(given) - set(used), "misses the variable {{%s}}"),
        (set(used) - set(declared), "uses {{%s}} without declaring it under 'variables:'"),
    ):
        if names:
            raise PromptError(f"{path} {problem % min(names)}; it has {_listed(given)}")


def _messages(path: Path, body: str) -> tuple[tuple[Role, str], ...]:
    parts = _ROLE.split(body)
    if parts[0].strip() or len(parts) == 1:
        raise PromptError(f"{path} has text outside of a message; begin each with a line '# system' or '# user'")
    roles = cast("list[Role]", parts[1::2])
    return tuple((role, text.strip()) for role, text in zip(roles, parts[2::2], strict=True))


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"{{{{{name}}}}}" for name in sorted(names))
