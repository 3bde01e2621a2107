"""Results as notebooks show them: HTML with the pictures in it, where nothing of a document is markup."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING

from rag.errors import AssetError, ImageError
from rag.images.assets import StoredAssets
from rag.images.decode import encode_webp, load_image
from rag.installation import install_command
from rag.text.labels import citation_label, origin_texts
from rag.text.quoting import plain
from rag.types import Answer, Hit, SearchResult

if TYPE_CHECKING:
    from pandas import DataFrame
    from PIL.Image import Image

_SIDE_PX, _QUALITY, _WORDS_CHARS, _MAX_HITS = 192, 75, 400, 50


def as_html(shown: object) -> str:
    """Of an answer, a search's result or a hit."""
    if isinstance(shown, Answer):
        return _answer(shown)
    if isinstance(shown, SearchResult):
        return _sources(enumerate(shown.hits, 1)) + _notes(note.text for note in shown.notes)
    if isinstance(shown, Hit):
        return _sources([(0, shown)])
    raise TypeError(f"{type(shown).__name__} has no form for notebooks")


def table(rows: Iterable[tuple[str, object]]) -> str:
    """Names and values."""
    lines = (f"<tr><th>{_safe(name)}</th><td>{_safe(str(value))}</td></tr>" for name, value in rows)
    return f"<table>{''.join(lines)}</table>"


def picture_of(assets_uri: str, asset: str) -> Image:
    """A stored picture. Raises AssetError or ImageError."""
    return load_image(StoredAssets(assets_uri).get(asset))


def as_frame(found: SearchResult) -> DataFrame:
    """A row a hit. Raises ImportError."""
    try:
        from pandas import DataFrame
    except ImportError as error:
        raise ImportError(f"to_pandas needs pandas: {install_command('pandas')}") from error
    rows = []
    for hit in found.hits:
        record = hit.record
        given = record.metadata.get("columns")
        own: Mapping[str, object] = given if isinstance(given, Mapping) else {}
        row: dict[str, object] = {
            "score": hit.score,
            "source": record.source,
            "page": record.metadata.get("page"),
            "kind": record.kind,
            "title": record.metadata.get("title"),
            "text": record.text,
        }
        row |= {str(name): view.raw for name, view in hit.channels.items()}
        row |= {"rerank": hit.rerank, "id": record.id, "doc_id": record.doc_id}
        rows.append(row | {f"columns.{name}": value for name, value in own.items()})
    return DataFrame(rows)


def _answer(answer: Answer) -> str:
    """The words with links from each `[n]` to its source below."""
    mark, parts, at = f"rag-{id(answer):x}", list[str](), 0
    for citation in answer.citations:
        if citation.hit is not None:
            end = citation.start + len(f"[{citation.number}]")
            link = f'<a href="#{mark}-{citation.number}">{_safe(answer.text[citation.start : end])}</a>'
            parts += [_safe(answer.text[at : citation.start]), link]
            at = end
    words = "".join([*parts, _safe(answer.text[at:])])
    numbered = zip(answer.numbers, answer.hits, strict=True)
    text = f'<div style="white-space:pre-wrap">{words}</div>'
    return text + _sources(numbered, mark) + _notes(note.text for note in answer.notes)


def _sources(numbered: Iterable[tuple[int, Hit]], mark: str = "") -> str:
    rows = [_row(number, hit, mark) for number, hit in numbered][:_MAX_HITS]
    return f"<table>{''.join(rows)}</table>" if rows else "<p>Nothing was found.</p>"


def _row(number: int, hit: Hit, mark: str) -> str:
    words = " ".join(text for _, text in origin_texts(hit.record)) or hit.record.text
    short = words if len(words) <= _WORDS_CHARS else f"{words[:_WORDS_CHARS]} …"
    anchor = f' id="{mark}-{number}"' if mark else ""
    cells = (
        f"[{number}]" if number else "",
        _picture(hit),
        f"<b>{_safe(citation_label(hit.record))}</b><br>{_safe(short)}",
        f"{hit.score:.2f}",
    )
    row = "".join(f'<td style="text-align:left;vertical-align:top">{cell}</td>' for cell in cells)
    return f"<tr{anchor}>{row}</tr>"


def _picture(hit: Hit) -> str:
    asset = hit.record.metadata.get("asset")
    if not asset or not hit.assets_uri:
        return ""
    try:
        image = load_image(StoredAssets(hit.assets_uri).get(str(asset)), min_side_px=_SIDE_PX)
    except (AssetError, ImageError):
        return ""
    data = base64.b64encode(encode_webp(image, _SIDE_PX, _QUALITY)).decode()
    return f'<img src="data:image/webp;base64,{data}" alt="" style="max-width:{_SIDE_PX}px">'


def _notes(texts: Iterable[str]) -> str:
    lines = "".join(f"<li>{_safe(text)}</li>" for text in texts)
    return f"<ul>{lines}</ul>" if lines else ""


def _safe(text: str) -> str:
    """What notebooks draw as formulas (`$x$`) stays as it is written, too."""
    return escape(plain(text)).replace("$", "&#36;")
