"""A message as a front end sends it, taken apart: what the user typed, and the texts that were put around it. Pure.

Known by their structure: the `<context>` of Open WebUI with a `<source id name>` each, its `<attached_files>` that only
name files, the `<file>` and the fenced `# "name"` of LibreChat, the `[CONTEXT 0] ... [END CONTEXT 0]` of AnythingLLM.
What stands before such a block is the front end's instruction; what the user typed comes last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from rag.question import GivenText
from rag.serve.openai.front_ends.elements import Element, elements, opening, without

_NAMED_ONLY = re.compile(
    r"<(\w+)(?:\s[^<>]*[^<>/])?>\s*(?:<\w+\s[^<>]*\b(?:id|url|name)=\"[^<>]*/>\s*){1,50}</\1>\s*", re.IGNORECASE
)
"""`<attached_files><file id="..."/></attached_files>`: names of files, none of their words."""
_HOLDER = opening(
    "context|contexts|documents?|sources?|files?|attachments?|knowledge|references?|search_results|passages",
    at_line_start=True,
)
_ITEM = opening("source|document|doc|file|contextItem|item|chunk|passage|result|excerpt")
_NUMBERED = re.compile(r"\[([A-Z][A-Za-z]{0,30}) (\d{1,4})\]:?[ \t]*\n")
_FENCE = re.compile(r"^.*:[ \t]*\n```\w*\s*(?=# \"[^\"\n]+\"\n)", re.MULTILINE)
_FENCED_FILE = re.compile(r"(?:\A|\n---\n\s*)# \"([^\"\n]+)\"\n(.*?)(?=\n---\n\s*# \"[^\"\n]+\"\n|\Z)", re.DOTALL)
_NAME_IN = re.compile(
    r"<(?:filename|name|title)>([^<>]{1,300})</|^(?:sourceDocument|source|title):[ \t]*(.{1,300})$", re.MULTILINE
)
_ABOUT = re.compile(
    r"<(?:filename|name|title|type)>[^<>]{0,300}</\w+>|<document_metadata>[^<>]{0,3000}</document_metadata>"
    r"|</?(?:context|contextItem|content|text)>|<!\[CDATA\[|\]\]>"
)
_ASKED = opening("(?:user_)?(?:query|question|prompt|input|message)")
_LABEL = re.compile(
    r"^[#* \t]*(?:(?:the |my )?(?:current |latest )?(?:users?'?s? )?"
    r"(?:query|question|prompt|input|message|request)|user|human)[* \t]*:[*]*",
    re.IGNORECASE | re.MULTILINE,
)
_DETAILS = opening("details")
"""With a `type` they are thoughts and calls of tools, as Open WebUI keeps them in an answer."""
_MAX_NAME_CHARS = 200
_UNNAMED = "the attached text"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a user typed, and the texts that the front end gave with it."""

    words: str
    given: tuple[GivenText, ...] = ()


def typed(text: str) -> Typed:
    """The words of a user's message, and what came with them."""
    rest, given = taken_off(text)
    if not given:
        return Typed(rest.strip() if rest != text else text)
    return Typed(_question(rest), given)


def taken_off(text: str) -> tuple[str, tuple[GivenText, ...]]:
    """The text without blocks, a mark in the place of each one that held texts; and those texts."""
    if "<" not in text and "[" not in text and "```" not in text:
        return text, ()
    rest, given = _NAMED_ONLY.sub("", text), list[GivenText]()
    for take in (_fenced, _tagged, _numbered):
        rest, more = take(rest)
        given += more
    return rest, tuple(each for each in given if each.text)


def without_details(answer: str) -> str:
    """An earlier answer without what a front end keeps in it for itself."""
    kept = [each for each in elements(answer, _DETAILS) if "type" in each.attributes]
    return without(answer, kept).strip() if kept else answer


def instructions(rest: str) -> str:
    """What `taken_off` leaves of a system message."""
    return rest.replace(_MARK, "\n").strip()


_MARK = "\0"


def _question(rest: str) -> str:
    """The user's words in what is left of a template: those behind the last block, or marked as the question."""
    marked = list(elements(rest, _ASKED))
    if marked:
        return marked[-1].inside.strip()
    before, _, after = rest.rpartition(_MARK)
    if after.strip():
        labels = list(_LABEL.finditer(after))
        return after[labels[-1].end() if labels else 0 :].strip()
    before = before.replace(_MARK, "\n")
    labels = list(_LABEL.finditer(before))
    if labels:
        return before[labels[-1].end() :].strip()
    if before.lstrip().startswith("#"):
        asked = [line for line in before.splitlines() if line.rstrip().endswith("?")]
        return asked[-1].strip() if asked else ""
    return before.strip()


def _tagged(text: str) -> tuple[str, list[GivenText]]:
    blocks, given = list(elements(text, _HOLDER, widest=True)), list[GivenText]()
    for block in blocks:
        items = list(elements(text[block.start : block.end], _ITEM))
        given += [_of_element(item) for item in items] or [_given("", None, block.inside)]
    return without(text, blocks, _MARK), given


def _of_element(item: Element) -> GivenText:
    named = (item.attributes.get(each) for each in ("name", "title", "filename", "source", "url"))
    number = item.attributes.get("id", "")
    return _given(next(filter(None, named), ""), int(number) if re.fullmatch(r"\d{1,4}", number) else None, item.inside)


def _numbered(text: str) -> tuple[str, list[GivenText]]:
    parts, given, at = list[str](), list[GivenText](), 0
    while found := _NUMBERED.search(text, at):
        closing = f"[END {found[1]} {found[2]}]"
        ends = text.find(closing, found.end())
        if ends < 0:
            break
        given.append(_given("", int(found[2]), text[found.end() : ends]))
        parts += [text[at : found.start()], _MARK]
        at = ends + len(closing)
    return "".join([*parts, text[at:]]), given


def _fenced(text: str) -> tuple[str, list[GivenText]]:
    found = _FENCE.search(text)
    ends = text.rfind("\n```") if found else -1
    if found is None or ends <= found.end():
        return text, []
    given = [_given(name, None, words) for name, words in _FENCED_FILE.findall(text[found.end() : ends])]
    return f"{text[: found.start()]}{_MARK}{text[ends + len('```') + 1 :]}", given


def _given(name: str, number: int | None, text: str) -> GivenText:
    inside = _NAME_IN.search(text)
    name = name or (str(inside[1] or inside[2]) if inside else "") or _UNNAMED
    return GivenText(" ".join(unescape(name).split())[:_MAX_NAME_CHARS], _ABOUT.sub("", text).strip(), number)
