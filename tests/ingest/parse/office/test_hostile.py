"""Office documents that mean harm: XML that grows without end, and XML that asks for files of this machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.errors import DocumentError
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.offices import rewritten, slides, titled, word, workbook

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
DOCUMENTS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a.docx": ("word/document.xml", lambda: word(lambda document: document.add_paragraph("WORDS"))),
    "a.pptx": ("ppt/slides/slide1.xml", lambda: slides(lambda deck: titled(deck, "WORDS"))),
    "a.xlsx": ("xl/sharedStrings.xml", lambda: workbook(lambda book: book.active.append(["WORDS"]))),
}


def told_to(document: bytes, part: str, entities: str, entity: str) -> bytes:
    """With a document type that declares entities, and one of them instead of the words."""

    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        assert b"WORDS" in data
        body = data.decode().replace("WORDS", f"&{entity};")
        at = body.index("?>") + 2 if body.startswith("<?xml") else 0
        return f"{body[:at]}<!DOCTYPE x [{entities}]>{body[at:]}".encode()

    return rewritten(document, change)


def read_if_possible(read: Read, data: bytes, name: str) -> str:
    try:
        return "".join(read(data, name).texts)
    except DocumentError:
        return ""


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_entities_in_entities_do_not_grow_without_end(read: Read, name: str) -> None:
    part, make = DOCUMENTS[name]
    bomb = told_to(make(), part, f'<!ENTITY l0 "lol">{LAUGHS}', "l11")
    assert len(read_if_possible(read, bomb, name)) < 10_000_000


@pytest.mark.parametrize("name", DOCUMENTS)
def test_entities_do_not_bring_files_of_this_machine(read: Read, name: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the password is swordfish")
    part, make = DOCUMENTS[name]
    curious: Any = told_to(make(), part, f'<!ENTITY file SYSTEM "{secret.as_uri()}">', "file")
    assert "swordfish" not in read_if_possible(read, curious, name)
