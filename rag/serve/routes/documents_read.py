"""One document as it was ingested: its row of the manifest and its records in order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from rag.knowledge_base import KnowledgeBase
from rag.text.quoting import plain
from rag.types import Document, Record, record_id
from rag.uploads import Uploads

_ID = re.compile(r"[0-9a-f]{32}")


def find_document(kb: KnowledgeBase, doc_id: str) -> Document | None:
    """The document of that id, in whatever state; None if there is none, or if this can be no id.

    Raises:
        StoreError: the store failed.
    """
    return kb.stored.document(doc_id) if _ID.fullmatch(doc_id) else None


def read_records(kb: KnowledgeBase, document: Document, offset: int = 0, limit: int = 100) -> list[Record]:
    """Its records in the order of their places.

    Args:
        kb: where the document is.
        document: from `find_document`.
        offset: place of the first one, from 0.
        limit: places at most. A document that is being written may have gaps, so fewer records may come.

    Raises:
        StoreError: the store failed.
    """
    ids = [record_id(document.doc_id, ordinal) for ordinal in range(offset, min(offset + limit, document.n_records))]
    found = kb.stored.records(ids)
    return [found[id_] for id_ in ids if id_ in found]


@dataclass(frozen=True, slots=True)
class Original:
    """What a document was read from.

    Attributes:
        file: it, or the archive it is in.
        name: to save it by.
        member: as in the manifest, where it is inside an archive and is known by its digest; else empty.
    """

    file: Path
    name: str
    member: str = ""


def original_of(kb: KnowledgeBase, uploads: Uploads, document: Document) -> Original | None:
    """The file that a document was read from, or what of an archive; None where it is not here.

    A file that was not uploaded may have been changed since; whoever opens it has to look.
    """
    path, is_known = Path(document.path), bool(document.metadata.get("sha256"))
    if not uploads.holds(kb.name, document.path):
        return Original(path, name_to_save(path.name)) if is_known and path.is_absolute() and path.is_file() else None
    file = uploads.file_of(kb.name, document.path)
    if file is None:
        return None
    if is_known and str(file) != document.path:
        return Original(file, name_to_save(document.source), document.path)
    return Original(file, name_to_save(uploads.true_name(kb.name, file)))


def name_to_save(name: str) -> str:
    """The last part of a name, with nothing in it that a header or a file manager would obey."""
    return plain(name.rpartition("/")[2]).replace("\n", " ").strip() or "original"


def ordinal_of_record(document: Document, id_: str) -> int | None:
    """Where in the document a record is, from 0; None if it is not one of its records."""
    return next((ordinal for ordinal in range(document.n_records) if record_id(document.doc_id, ordinal) == id_), None)
