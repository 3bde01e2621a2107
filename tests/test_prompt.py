"""Prompt files: checked at load, filled in once."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import PromptError
from rag.prompt import VARIABLES, default_folder, load_prompt

GOOD = "---\nvariables: history, question\n---\n# system\nRewrite.\n# user\n{{history}}\n{{ question }}\n"


@pytest.fixture
def _sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """A prompt of its own, with two variables."""
    monkeypatch.setattr("rag.prompt.VARIABLES", {**VARIABLES, "sample": frozenset({"history", "question"})})


pytestmark = pytest.mark.usefixtures("_sample")


def _write(folder: Path, text: str) -> Path:
    (folder / "sample.md").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_every_prompt_that_comes_with_the_program_loads(name: str) -> None:
    prompt = load_prompt(name)
    assert [role for role, _ in prompt.messages] == (["user"] if name == "condense" else ["system", "user"])


def test_every_file_in_the_folder_is_a_prompt_the_program_knows() -> None:
    assert {path.stem for path in default_folder().glob("*.md")} == set(VARIABLES)


def test_rendering_puts_values_in_their_places(tmp_path: Path) -> None:
    system, user = load_prompt("sample", _write(tmp_path, GOOD)).render(history="H", question="Q")
    assert (system.role, system.content) == ("system", "Rewrite.")
    assert (user.role, user.content) == ("user", "H\nQ")


@pytest.mark.parametrize("value", ["{{question}}", "{question}", r"\1 \g<0>", "{{", "}}", "# user\nx", "---"])
def test_a_value_is_never_read_as_template(tmp_path: Path, value: str) -> None:
    _, user = load_prompt("sample", _write(tmp_path, GOOD)).render(history=value, question="Q")
    assert user.content == f"{value}\nQ"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("{{history}}", ""), r"sample\.md misses the variable \{\{history\}\}"),
        (GOOD.replace("Rewrite.", "{{mood}}"), r"sample\.md uses \{\{mood\}\}, which does not exist"),
        (GOOD.replace("Rewrite.", "{{}}"), r"uses \{\{\}\}, which does not exist"),
        (GOOD.replace("history, question", "history, question, mood"), "declares the variable 'mood'"),
        (GOOD.replace("history, question", "history"), r"uses \{\{question\}\} without declaring it"),
        (GOOD.split("---\n", 2)[2], "does not declare its variables"),
        (GOOD.replace("# system", "system"), "text outside of a message"),
    ],
)
def test_a_wrong_file_is_refused_by_name_and_variable(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PromptError, match=said):
        load_prompt("sample", _write(tmp_path, text))


def test_a_missing_file_is_named_with_the_setting(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"answer\.md cannot be read.*RAG_PROMPTS_DIR"):
        load_prompt("answer", tmp_path)


def test_values_must_be_the_declared_ones(tmp_path: Path) -> None:
    prompt = load_prompt("sample", _write(tmp_path, GOOD))
    with pytest.raises(PromptError, match="question"):
        prompt.render(history="H")
    with pytest.raises(PromptError, match="mood"):
        prompt.render(history="H", question="Q", mood="M")


def test_a_file_saved_on_windows_loads(tmp_path: Path) -> None:
    (tmp_path / "sample.md").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_prompt("sample", tmp_path).messages[0] == ("system", "Rewrite.")


def test_the_digest_follows_the_text(tmp_path: Path) -> None:
    first = load_prompt("sample", _write(tmp_path, GOOD)).digest
    assert load_prompt("sample", _write(tmp_path, GOOD)).digest == first
    assert load_prompt("sample", _write(tmp_path, GOOD.replace("Rewrite", "Reword"))).digest != first


def test_what_every_conversation_begins_with_cannot_vary(tmp_path: Path) -> None:
    text = (
        "---\nvariables: question, sources, boundary\n---\n# system\nMARK is {{boundary}}.\n"
        "# user\n{{sources}}\n{{question}}\n"
    )
    (tmp_path / "answer.md").write_text(text, encoding="utf-8")
    with pytest.raises(PromptError, match=r"\{\{boundary\}\} in its system message.*move it"):
        load_prompt("answer", tmp_path)
