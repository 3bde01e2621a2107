"""SVG drawings by way of resvg: drawn as a picture, and its words as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from ingest.parse.clean import one_line, shorten
from ingest.parse.elements import DocumentInfo, Element, ImageElement, OriginText, TextElement
from ingest.parse.passed_over import PassedOver
from rag.errors import DocumentError

_LONG_SIDE_PX = 1600
_MIN_SIDE_PX = 32
_MAX_BYTES = 32 * 2**20
_MAX_NODES = 200_000
_MAX_DEPTH = 200
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+(?:e[-+]?[0-9]+)?)\s*(px|pt|pc|mm|cm|in|em|ex)?\s*$", re.IGNORECASE)
_UNITS_PX = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "em": 16.0, "ex": 8.0}
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "image"})
_WORDS = frozenset({"text", "title", "desc"})
_EFFECTS = frozenset({"feImage", "foreignObject", "script", "animate", "animateTransform", "animateMotion", "set"})
_MAX_BLUR_PX = 200.0


def parse_svg(data: bytes, name: str) -> Iterator[Element]:
    """The drawing as a picture, and what is written in it.

    Raises:
        DocumentError: no SVG, or more than can be drawn, and without words.
    """
    passed_over = PassedOver()
    root = _root(data)
    title = one_line(root.findtext("{*}title") or "")
    yield DocumentInfo(title)
    words = "\n".join(dict.fromkeys(words_of(root)))
    try:
        picture = _drawn(root, passed_over)
    except DocumentError as error:
        if not words:
            raise
        passed_over.note(f"it could not be drawn, its words are kept: {error}")
    else:
        texts = (OriginText("alt", shorten(one_line(words), 1000)),) if words else ()
        yield ImageElement(picture, PurePosixPath(name.replace("\\", "/")).name, texts, is_file=True)
    if words:
        yield TextElement(words)
    yield from passed_over.warnings()


def draw_svg(data: bytes) -> bytes:
    """A linked or embedded drawing as PNG.

    Raises:
        DocumentError: no SVG, or more than can be drawn.
    """
    return _drawn(_root(data), PassedOver())


def words_of(root: Any) -> Iterator[str]:
    """Labels, titles and descriptions in the order of the file."""
    for node in root.iter():
        if _local(node) in _WORDS:
            parts = (part for part in node.itertext() if part.strip())
            if text := one_line(" ".join(parts)):
                yield text


def _root(data: bytes) -> Any:
    if len(data) > _MAX_BYTES:
        raise DocumentError(f"the drawing has {len(data):,} bytes, the limit is {_MAX_BYTES:,}: save it as PNG")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, recover=True, remove_comments=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(f"the drawing is broken ({one_line(str(error))}): save it again, or as PNG") from error
    if root is None or _local(root) != "svg":
        raise DocumentError("the drawing is broken (it is no SVG): save it again, or as PNG")
    return root


def _drawn(root: Any, passed_over: PassedOver) -> bytes:
    import resvg_py

    _without_outside(root, passed_over)
    if not any(_local(node) in _SHAPES for node in root.iter()):
        raise DocumentError("this SVG drawing shows nothing")
    width, height = _size(root)
    zoom = _LONG_SIDE_PX / max(width, height)
    if min(width, height) * zoom < _MIN_SIDE_PX:
        raise DocumentError("the drawing is a line: a side of it would be under 32 px")
    source = etree.tostring(root, encoding="unicode")
    try:
        drawn = resvg_py.svg_to_bytes(
            svg_string=source, width=max(1, round(width * zoom)), background="#ffffff", dpi=96.0
        )
    except BaseException as error:  # a panic in its Rust is none of Exception's children
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError):
            raise
        raise DocumentError(f"the drawing cannot be drawn ({one_line(str(error))[:200]}): save it as PNG") from error
    return bytes(drawn)


def _without_outside(root: Any, passed_over: PassedOver) -> None:
    """Nothing outside the file is read, and nothing is drawn that grows without end."""
    for number, node in enumerate(list(root.iter()), start=1):
        if number > _MAX_NODES or sum(1 for _ in _limited(node.iterancestors())) > _MAX_DEPTH:
            raise DocumentError("the drawing has more parts than can be drawn: save it as PNG")
        name = _local(node)
        href = next((node.get(attribute) for attribute in _HREFS if node.get(attribute)), "").strip()
        is_outside = href and not href.startswith("#") and not href.lower().startswith("data:")
        if name in _EFFECTS or (name == "image" and (is_outside or href.lower().startswith("data:image/svg"))):
            passed_over.add("pictures outside of the drawing", name == "image")
            if node.getparent() is not None:
                node.getparent().remove(node)
        elif is_outside and name != "a":
            for attribute in _HREFS:
                node.attrib.pop(attribute, None)
        elif name == "feGaussianBlur" and _number(node.get("stdDeviation", "")) > _MAX_BLUR_PX:
            node.set("stdDeviation", str(_MAX_BLUR_PX))
    _check_uses(root)


def _check_uses(root: Any) -> None:
    """`<use>` of a group of `<use>` of a group ...: a hundred lines can stand for a billion shapes."""
    uses: dict[str, list[str]] = {}
    for node in root.iter():
        if (key := node.get("id")) is not None:
            inner = (child for child in node.iter() if _local(child) == "use")
            uses[key] = [
                next((child.get(name) for name in _HREFS if child.get(name)), "").lstrip("#") for child in inner
            ]
    counts: dict[str, int] = {}

    def count(key: str, depth: int) -> int:
        if depth > 30:
            raise DocumentError("the drawing uses parts of itself too deeply: save it as PNG")
        if key not in counts:
            counts[key] = 1 + sum(count(one, depth + 1) for one in uses.get(key, ()) if one != key)
        return counts[key]

    total = sum(
        count(next((n.get(h) for h in _HREFS if n.get(h)), "").lstrip("#"), 0)
        for n in root.iter()
        if _local(n) == "use"
    )
    if total > _MAX_NODES:
        raise DocumentError("the drawing repeats parts of itself more often than can be drawn: save it as PNG")


def _limited(nodes: Iterator[Any]) -> Iterator[Any]:
    for number, node in enumerate(nodes):
        if number > _MAX_DEPTH:
            return
        yield node


def _size(root: Any) -> tuple[float, float]:
    """Width and height in pixels: as the drawing says, or of what it shows."""
    width, height = (_number(root.get(name, "")) for name in ("width", "height"))
    box = [_number(part) for part in re.split(r"[\s,]+", (root.get("viewBox") or "").strip())]
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        if width <= 0 and height <= 0:
            return box[2], box[3]
        width = width if width > 0 else height * box[2] / box[3]
        height = height if height > 0 else width * box[3] / box[2]
    return (width if width > 0 else 300.0), (height if height > 0 else 150.0)


def _number(text: str) -> float:
    found = _LENGTH.match(text)
    return min(float(found[1]), 1e9) * _UNITS_PX[(found[2] or "px").lower()] if found else 0.0


def _local(node: Any) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
