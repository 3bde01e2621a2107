"""TeX and LaTeX by way of pylatexenc: sections as headings, formulas as characters, figures with their captions."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator

from ingest.parse.blocks import Block, Heading, Passage, Title, assemble
from ingest.parse.clean import one_line
from ingest.parse.decode import decode_text
from ingest.parse.elements import Element, Resolved, Warned
from ingest.parse.grid import table_texts
from ingest.parse.passed_over import PassedOver
from ingest.parse.pictures import Picture, Resolve

_LEVELS = {"part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5}
_COMMENT = re.compile(r"(?<!\\)%[^\n]*(?:\n[ \t]*)?")
_HEADING = re.compile(r"\\(part|chapter|section|subsection|subsubsection|paragraph)\*?\s*(?:\[[^\]]{0,500}\])?\{")
_BEGIN = re.compile(r"\\begin\{(figure|table|tabular|tabularx|longtable|abstract|verbatim|lstlisting|minted)\*?\}")
_PICTURE = re.compile(r"\\includegraphics\s*(?:\[[^\]]{0,500}\])?\{([^{}]{1,500})\}")
_CAPTION = re.compile(r"\\caption\s*(?:\[[^\]]{0,500}\])?\{")
_TABULAR = re.compile(r"\\begin\{(tabular\*?|tabularx|longtable)\}")
_RULES = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|centering|endhead|endfirsthead)\b|\\c(?:mid)?(?:rule|line)(?:\([^)]*\))?\{[^{}]*\}"
)
_SPAN = re.compile(r"\\multi(?:column|row)\{[^{}]*\}\{[^{}]*\}\{([^{}]*)\}")
_CITED = re.compile(
    r"~?\\(?:cite[a-z]*|ref|eqref|autoref|cref|label|index|bibliographystyle|vspace|hspace)\*?(?:\[[^\]]*\])*\{([^{}]*)\}"
)
_FURNITURE = re.compile(r"\\(?:maketitle|tableofcontents|listof\w+|newpage|clearpage|pagebreak|appendix|noindent)\b\*?")
_INCLUDED = re.compile(r"\\(?:input|include)\{([^{}]{1,300})\}")
_SUFFIXES = ("", ".png", ".jpg", ".jpeg", ".pdf")
_PARAGRAPH = re.compile(r"\n[ \t]*\n+")
_MARKS = re.compile(r"[\\{}$~`'\n]|--|\?`")
_MAX_S = 60.0
"""After so long the rest loses its commands only."""
_PLAIN_CHARS = 20_000
"""A longer paragraph is not given to the converter, whose time grows faster than its text."""


def parse_tex(data: bytes, resolve: Resolve) -> Iterator[Element]:
    """Elements in the order of the source; other files that it brings in are documents of their own."""
    decoded = decode_text(data)
    reader = _Reader()
    yield from assemble(reader.blocks(decoded.text.replace("\r\n", "\n")), lambda ref: _found(ref, resolve))
    yield from reader.passed_over.warnings()
    if decoded.warning:
        yield Warned("encoding_guessed", decoded.warning)


def _found(ref: str, resolve: Resolve) -> Resolved | None:
    """Sources leave out the ending of a picture's name."""
    return next((found for suffix in _SUFFIXES if (found := resolve(ref + suffix))), None)


class _Reader:
    def __init__(self) -> None:
        from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]
        from pylatexenc.latexwalker import LatexWalker, get_default_latex_context_db  # type: ignore[import-untyped]

        logging.getLogger("pylatexenc").setLevel(logging.ERROR)
        self._converter = LatexNodes2Text(math_mode="text", keep_comments=False, strict_latex_spaces=False)
        self._known = get_default_latex_context_db()
        self._walker = LatexWalker
        self._until = time.monotonic() + _MAX_S
        self.passed_over = PassedOver()

    def blocks(self, source: str) -> Iterator[Block]:
        source = _COMMENT.sub("", source)
        head, found, body = source.partition("\\begin{document}")
        body = (body if found else head).partition("\\end{document}")[0]
        title, author = (self._argument(source, name) for name in ("title", "author"))
        yield Title(title, {"author": author} if author else {})
        self.passed_over.add("files that are brought in (ingest them, too)", len(_INCLUDED.findall(body)))
        yield from self._body(body)

    def _body(self, body: str) -> Iterator[Block]:
        at = 0
        while at < len(body):
            heading, begin = _HEADING.search(body, at), _BEGIN.search(body, at)
            found = min(filter(None, (heading, begin)), key=lambda match: match.start(), default=None)
            yield from self._paragraphs(body[at : found.start() if found else len(body)])
            if found is None:
                return
            if found is heading:
                inner, at = _braced(body, found.end())
                yield Heading(_LEVELS[found[1]], self._text(inner))
                continue
            inner, at = _environment(body, found)
            yield from self._environment(found[1], inner, body[found.start() : at])

    def _environment(self, name: str, inner: str, whole: str) -> Iterator[Block]:
        if name in {"verbatim", "lstlisting", "minted"}:
            yield Passage(inner.strip("\n"))
            return
        if name == "abstract":
            yield from self._paragraphs(inner)
            return
        caption = ""
        if found := _CAPTION.search(inner):
            words, end = _braced(inner, found.end())
            caption = self._text(words)
            inner = inner[: found.start()] + inner[end:]
        if name == "figure":
            pictures = tuple(Picture(ref.strip(), caption=caption) for ref in _PICTURE.findall(inner))
            rest = self._text(_PICTURE.sub("", inner))
            if caption and not pictures:
                yield Passage(caption)
            if rest:
                yield Passage(rest)
            if pictures:
                yield Passage("", pictures)
            return
        if caption:
            yield Passage(caption)
        source = whole if _TABULAR.match(whole) else inner
        yield from self._table(source)

    def _table(self, source: str) -> Iterator[Block]:
        found = _TABULAR.search(source)
        if found is None:
            yield from self._paragraphs(source)
            return
        inner, _ = _environment(source, found)
        for _argument in range(2 if found[1] in {"tabular*", "tabularx"} else 1):
            inner = inner.lstrip()
            inner = re.sub(r"^\[[^\]]*\]", "", inner)
            if inner.startswith("{"):
                inner = inner[_braced(inner, 1)[1] :]
        rows = []
        for line in re.split(r"\\\\(?:\[[^\]]*\])?|\\tabularnewline\b", _RULES.sub("", inner)):
            cells = [one_line(self._text(_SPAN.sub(r"\1", cell))) for cell in re.split(r"(?<!\\)&", line)]
            if any(cells):
                rows.append(cells)
        yield from map(Passage, table_texts(rows) if rows else ())

    def _paragraphs(self, source: str) -> Iterator[Block]:
        for part in _PARAGRAPH.split(source):
            if text := self._text(part):
                yield Passage(text)

    def _text(self, source: str) -> str:
        """Of a stretch without structure; what the converter cannot take loses its commands only."""
        source = _FURNITURE.sub("", _INCLUDED.sub("", _CITED.sub("", source))).strip()
        if not source:
            return ""
        if not _MARKS.search(source):
            return one_line(source)
        if len(source) > _PLAIN_CHARS or time.monotonic() > self._until:
            self.passed_over.add("stretches too long to be converted (their words are kept)")
            return _plain(source)
        source = re.sub(r"\\item\b\s*", "\n- ", source)
        try:
            nodes, *_ = self._walker(source, latex_context=self._known, tolerant_parsing=True).get_latex_nodes()
            text = self._converter.nodelist_to_text(nodes)
        except Exception:  # noqa: BLE001 - on broken sources it raises whatever Python raises
            self.passed_over.add("stretches that could not be converted (their words are kept)")
            text = _plain(source)
        lines = (one_line(line) for line in re.sub(r"\n(?!\s*- )", " ", text.strip()).split("\n"))
        return "\n".join(filter(None, lines))

    def _argument(self, source: str, name: str) -> str:
        found = re.search(rf"\\{name}\s*(?:\[[^\]]*\])?\{{", source)
        return one_line(self._text(_braced(source, found.end())[0])) if found else ""


def _plain(source: str) -> str:
    return one_line(re.sub(r"\\[a-zA-Z]+\*?|[{}$~]", " ", source))


def _braced(source: str, start: int) -> tuple[str, int]:
    """What stands between a brace that was opened before `start` and its partner, and where that ends."""
    depth = 1
    for found in re.compile(r"\\.|[{}]", re.DOTALL).finditer(source, start):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if not depth:
            return source[start : found.start()], found.end()
    return source[start:], len(source)


def _environment(source: str, begin: re.Match[str]) -> tuple[str, int]:
    """The inside of an environment, and where it ends."""
    name = re.escape(source[begin.start() : begin.end()].removeprefix("\\begin"))
    depth, at = 1, begin.end()
    for found in re.compile(rf"\\(begin|end){name}").finditer(source, at):
        depth += 1 if found[1] == "begin" else -1
        if not depth:
            return source[at : found.start()], found.end()
    return source[at:], len(source)
