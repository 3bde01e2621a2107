"""Pictures that a document links or carries in itself: found, checked by their header, or counted as left out."""

from __future__ import annotations

import base64
import binascii
import hashlib
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import unquote, unquote_to_bytes

from ingest.parse.clean import one_line, shorten
from ingest.parse.detect import Format, detect, unsupported
from ingest.parse.elements import Element, ImageElement, Origin, OriginText, Resolved, TextElement, Warned, WarningCode
from ingest.parse.passed_over import PassedOver
from rag.errors import DocumentError, ImageError

Resolve: TypeAlias = Callable[[str], Resolved | None]

CONTEXT_CHARS = 400
CAPTION_CHARS = 1000
MIN_SIDE_PX = 32
"""Linked pictures with a shorter side are bullets, spacers and counters."""

ANYWHERE = "**/"
"""How a reference begins that may lie in any folder of its dump."""

_MAX_DATA_URI_CHARS = 40_000_000
_MAX_WARNINGS = 20
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


@dataclass(slots=True)
class Picture:
    """A picture as a document links it: `ref` is the link, `others` where else it may be, the rest words about it."""

    ref: str
    alt: str = ""
    title: str = ""
    caption: str = ""
    context: str = ""
    others: tuple[str, ...] = ()


class Pictures:
    """The pictures that one document links or carries.

    Args:
        resolve: gives the bytes of a linked picture, or None.
        base: what relative links are relative to, as a URL, known by the time of the first picture.
    """

    def __init__(self, resolve: Resolve, base: Callable[[], str]) -> None:
        self._resolve = resolve
        self._base = base
        self._passed_over = PassedOver()
        self._n_warnings = 0
        self._seen: set[tuple[str, str, str]] = set()

    def load(self, picture: Picture, heading_path: tuple[str, ...]) -> Iterator[Element]:
        """The picture; or, where it cannot be had, a warning and its words as text. Nothing for an exact repetition."""
        ref = picture.ref.strip()
        digest = hashlib.sha256(ref.encode("utf-8", "replace")).hexdigest()
        key = (digest, picture.alt, picture.caption)
        if key in self._seen:
            return
        if ref:
            self._seen.add(key)
        shown = problem = ""
        for link in filter(None, (ref, *picture.others)):
            is_inline = link[:5].lower() == "data:"
            name = "inline picture" if is_inline else shorten(one_line(unquote(link.removeprefix(ANYWHERE))), 200)
            found = _without_drawings(_decode_data_uri(link) if is_inline else self._find(link))
            reason = found if isinstance(found, str) else _problem(found.data, name)
            if not isinstance(found, str) and not reason:
                yield ImageElement(found.data, name, texts_of(picture), heading_path, linked_path=found.path)
                return
            if not problem or problem == _REMOTE:  # a missing file says more than a link that nobody follows
                shown, problem = name, reason
        if words := ". ".join(dict.fromkeys(filter(None, (picture.caption, picture.alt)))):
            yield TextElement(words, heading_path)
        if problem or words:
            yield from self._warn(problem or _LINKLESS, shown)

    def summary(self) -> Iterator[Warned]:
        """What was counted instead of being told one by one."""
        return self._passed_over.warnings()

    def _warn(self, problem: str, shown: str) -> Iterator[Warned]:
        code = _CODES.get(problem, "picture_broken")
        if problem in _COUNTED:
            self._passed_over.count(code, f"pictures left out, {problem}")
        elif self._n_warnings >= _MAX_WARNINGS:
            self._passed_over.count(code, "pictures left out, missing or not usable, beyond those named")
        else:
            self._n_warnings += 1
            yield Warned(code, f"picture '{shown}' left out: {problem}")

    def _find(self, ref: str) -> Resolved | str:
        """The linked file, or why there is none."""
        if ref.startswith(ANYWHERE):
            return self._resolve(ref) or _MISSING
        if ref[:4].lower() == "cid:":  # a part of the message that the page came in
            return self._resolve(ref) or _NOT_IN_MESSAGE
        base = self._base()
        if base and not _SCHEME.match(ref) and not ref.startswith("/"):
            ref = posixpath.join(posixpath.dirname(base), ref)
        if _SCHEME.match(ref) or (ref.startswith("/") and _SCHEME.match(base)):
            return _REMOTE
        bare = re.split(r"[?#]", ref, maxsplit=1)[0]
        for candidate in dict.fromkeys((ref, unquote(ref), bare, unquote(bare))):
            if candidate and (found := self._resolve(candidate)) is not None:
                return found
        return _MISSING


_MISSING = "it is not in the dump"
_NOT_IN_MESSAGE = "it is not in the message"
_REMOTE = "remote or absolute links are not fetched"
_TINY = f"a side is under {MIN_SIDE_PX} px"
_LINKLESS = "nothing says where they are (a script puts them there)"
_COUNTED = frozenset({_REMOTE, _TINY, _LINKLESS})
_CODES: dict[str, WarningCode] = {
    **dict.fromkeys((_MISSING, _NOT_IN_MESSAGE, _REMOTE, _LINKLESS), "picture_missing"),
    _TINY: "picture_trivial",
}


def texts_of(picture: Picture) -> tuple[OriginText, ...]:
    """Words about a picture by origin, strongest first, each once."""
    origins: tuple[tuple[Origin, str], ...] = (
        ("caption", shorten(one_line(picture.caption), CAPTION_CHARS)),
        ("alt", shorten(one_line(picture.alt), CAPTION_CHARS)),
        ("alt", shorten(one_line(picture.title), CAPTION_CHARS)),
        ("context", shorten(one_line(picture.context), CONTEXT_CHARS)),
    )
    by_text: dict[str, OriginText] = {}
    for origin, text in origins:
        if text:
            by_text.setdefault(text, OriginText(origin, text))
    return tuple(by_text.values())


def _decode_data_uri(ref: str) -> Resolved | str:
    head, comma, body = ref[5:].partition(",")
    if not comma or len(body) > _MAX_DATA_URI_CHARS:
        return "its data: URI is broken or over 40 MB"
    raw = unquote_to_bytes(body)
    if not head.lower().endswith(";base64"):
        return Resolved(raw, "")
    try:
        return Resolved(base64.b64decode(raw.translate(None, b" \t\r\n")), "")
    except (binascii.Error, ValueError):
        return "its base64 is broken"


def _without_drawings(found: Resolved | str) -> Resolved | str:
    """A linked SVG as the picture that it shows."""
    if isinstance(found, str) or detect(found.data, "") is not Format.SVG:
        return found
    from ingest.parse.media.svg import draw_svg

    try:
        return Resolved(draw_svg(found.data), found.path)
    except DocumentError as error:
        return str(error)


def _problem(data: bytes, name: str) -> str:
    """Why these bytes are no picture worth keeping, by the header alone; whoever decodes it finds the rest."""
    from rag.images.decode import image_size

    if detect(data, name) is not Format.IMAGE:
        return unsupported(data) or "it is not a picture"
    try:
        return _TINY if min(image_size(data, max_pixels=1 << 62)) < MIN_SIDE_PX else ""
    except ImageError:
        return ""
