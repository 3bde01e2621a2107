"""Messages, notebooks, XML, TeX, subtitles, CSV, HTML: written by the standard library or by hand."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from email.message import EmailMessage
from html import escape

from benchmarks.reading.office import sections, story
from benchmarks.reading.old_office import outlook
from benchmarks.reading.truth import Block, Document, Heading, Paragraph, Table, Writer


def documents(n: int) -> Iterator[Document]:
    """`n` of each kind."""
    for kind, (name, compose, write) in _KINDS.items():
        for number in range(n):
            blocks = compose(Writer(f"{kind} {number}"))
            yield Document(kind, name, write(blocks), blocks)


def _letter(writer: Writer) -> list[Block]:
    return [Paragraph(writer.paragraph()) for _ in range(6)]


def _table(writer: Writer) -> list[Block]:
    return [Table(writer.table(200, writer.chance.randrange(2, 8)))]


def _talk(writer: Writer) -> list[Block]:
    return [Paragraph(writer.sentence()) for _ in range(40)]


def _html(blocks: Sequence[Block]) -> str:
    out = []
    for block in blocks:
        if isinstance(block, Heading):
            out.append(f"<h{block.level}>{escape(block.text)}</h{block.level}>")
        elif isinstance(block, Paragraph):
            out.append(f"<p>{escape(block.text)}</p>")
        else:
            rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in block.rows)
            out.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
    return "\n".join(out)


def _mail(blocks: Sequence[Block], *, html: bool) -> bytes:
    message = EmailMessage()
    if html:
        message.set_content(_html(blocks), subtype="html")
    else:
        message.set_content(
            "\n\n".join(block.text for block in blocks if isinstance(block, Paragraph)), cte="quoted-printable"
        )
    message["Message-ID"] = "<1@example.org>"
    return bytes(message)


def _web_archive(blocks: Sequence[Block]) -> bytes:
    head = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x; type=text/html\n\n--x\n"
    page = base64.encodebytes(f"<html><body>{_html(blocks)}</body></html>".encode()).decode()
    return f"{head}Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{page}--x--\n".encode()


def _msg(blocks: Sequence[Block]) -> bytes:
    return outlook({"body": "\r\n\r\n".join(block.text for block in blocks if isinstance(block, Paragraph))})


def _notebook(blocks: Sequence[Block]) -> bytes:
    cells = []
    for block in blocks:
        if isinstance(block, Table):
            output = {"output_type": "display_data", "data": {"text/html": [_html([block])]}, "metadata": {}}
            cells.append({"cell_type": "code", "source": "", "outputs": [output], "metadata": {}})
        else:
            mark = "#" * block.level + " " if isinstance(block, Heading) else ""
            cells.append({"cell_type": "markdown", "source": mark + block.text, "metadata": {}})
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def _nested(blocks: Sequence[Block], open_: str, close: str, title: str, write: Callable[[Block], str]) -> str:
    """Sections in sections."""
    out, depth = [], 0
    for block in blocks:
        if isinstance(block, Heading):
            out.append(close * (depth - block.level + 1) + open_ + title.format(escape(block.text)))
            depth = block.level
        else:
            out.append(write(block))
    return "".join(out) + close * depth


def _jats(blocks: Sequence[Block]) -> bytes:
    body = _nested(blocks, "<sec>", "</sec>", "<title>{}</title>", lambda block: _html([block]))
    return f"<?xml version='1.0'?><article><front><journal-meta/></front><body>{body}</body></article>".encode()


def _fiction(blocks: Sequence[Block]) -> bytes:
    body = _nested(blocks, "<section>", "</section>", "<title><p>{}</p></title>", lambda block: _html([block]))
    head = "<description><title-info><genre>x</genre></title-info></description>"
    return f"<?xml version='1.0'?><FictionBook xmlns='x'>{head}<body>{body}</body></FictionBook>".encode()


def _docbook(blocks: Sequence[Block]) -> bytes:
    def write(block: Block) -> str:
        if isinstance(block, Table):
            head, *rest = ("".join(f"<entry>{escape(cell)}</entry>" for cell in row) for row in block.rows)
            rows = "".join(f"<row>{row}</row>" for row in rest)
            return (
                f"<informaltable><tgroup><thead><row>{head}</row></thead><tbody>{rows}</tbody></tgroup></informaltable>"
            )
        return f"<para>{escape(block.text)}</para>"

    body = _nested(blocks, "<section>", "</section>", "<title>{}</title>", write)
    return f"<?xml version='1.0'?><article xmlns='http://docbook.org/ns/docbook'>{body}</article>".encode()


def _tex(blocks: Sequence[Block]) -> bytes:
    out = [r"\documentclass{article}\begin{document}"]
    for block in blocks:
        if isinstance(block, Heading):
            out.append(rf"\{'sub' * (block.level - 1)}section{{{block.text}}}")
        elif isinstance(block, Paragraph):
            out.append(block.text)
        else:
            rows = "\n".join(" & ".join(row) + r" \\" for row in block.rows)
            out.append(rf"\begin{{tabular}}{{{'l' * len(block.rows[0])}}}\hline {rows}\end{{tabular}}")
    return "\n\n".join([*out, r"\end{document}"]).encode()


def _subtitles(blocks: Sequence[Block]) -> bytes:
    cues = (
        f"{n}\n00:00:{n:02},000 --> 00:00:{n + 1:02},000\n{b.text}\n"
        for n, b in enumerate(blocks)
        if isinstance(b, Paragraph)
    )
    return "\n".join(cues).encode()


def _csv(blocks: Sequence[Block]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(row for block in blocks if isinstance(block, Table) for row in block.rows)
    return out.getvalue().encode()


def _spanning(writer: Writer) -> list[Block]:
    """A label over several rows belongs to each of them, a group's name to each of its columns."""
    rows = writer.table(30, 5)
    for at in range(1, len(rows)):
        rows[at][0] = rows[at - (at - 1) % 3][0]
    header = [
        "Name",
        *(f"{group} {name}" for group, name in zip(["Sea", "Sea", "Land", "Land"], rows[0][1:], strict=True)),
    ]
    return [Table([header, *rows[1:]])]


def _spanned_html(blocks: Sequence[Block]) -> bytes:
    (table,) = (block for block in blocks if isinstance(block, Table))
    names = [name.partition(" ")[2] for name in table.rows[0][1:]]
    out = ["<tr><td rowspan=2>Name</td><td colspan=2>Sea</td><td colspan=2>Land</td></tr>"]
    out.append("<tr>" + "".join(f"<td>{name}</td>" for name in names) + "</tr>")
    for at, row in enumerate(table.rows[1:]):
        label = f"<td rowspan=3>{row[0]}</td>" if at % 3 == 0 else ""
        out.append(f"<tr>{label}{''.join(f'<td>{cell}</td>' for cell in row[1:])}</tr>")
    return f"<html><body><table>{''.join(out)}</table></body></html>".encode()


def _flat(writer: Writer) -> list[Block]:
    return [block for part in sections(story(writer)) for block in part]


_KINDS: dict[str, tuple[str, Callable[[Writer], list[Block]], Callable[[Sequence[Block]], bytes]]] = {
    "message": ("a.eml", _letter, lambda blocks: _mail(blocks, html=False)),
    "message in HTML": ("a.eml", _flat, lambda blocks: _mail(blocks, html=True)),
    "web archive": ("a.mht", _flat, _web_archive),
    "Outlook": ("a.msg", _letter, _msg),
    "notebook": ("a.ipynb", _flat, _notebook),
    "JATS": ("a.xml", _flat, _jats),
    "FictionBook": ("a.fb2", _flat, _fiction),
    "DocBook": ("a.xml", _flat, _docbook),
    "TeX": ("a.tex", _flat, _tex),
    "subtitles": ("a.srt", _talk, _subtitles),
    "CSV": ("a.csv", _table, _csv),
    "HTML, cells over rows and columns": ("a.html", _spanning, _spanned_html),
}
