"""Sound and video by their tags, by way of tinytag: title, artist, album, comments and words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from ingest.parse.clean import one_line
from ingest.parse.elements import DocumentInfo, Element, ImageElement, OriginText, TextElement, Warned
from rag.errors import DocumentError
from rag.images.mime import mime_of

_REFUSED = "sound and video are not listened to: put a transcript beside it (.srt, .vtt or .txt)"
_SHOWN = (
    ("title", "Title"), ("artist", "Artist"), ("album", "Album"), ("albumartist", "Album artist"),
    ("composer", "Composer"),
    ("track", "Track"), ("disc", "Disc"), ("genre", "Genre"), ("year", "Year"), ("comment", "Comment"),
)  # fmt: skip
_LONG = ("lyrics", "description", "synopsis", "unsynced_lyrics")
_MAX_PICTURES = 4


def parse_media(data: bytes, name: str) -> Iterator[Element]:
    """The tags as text, and pictures in them.

    Raises:
        DocumentError: there are none.
    """
    tags = _tags(data, name)
    lines = list(_lines(tags))
    pictures = [picture for picture in _pictures(tags) if mime_of(picture) is not None]
    if not lines and not pictures:
        raise DocumentError(f"this is a sound or video file without tags: {_REFUSED}")
    yield DocumentInfo(one_line(tags.title or ""), None, _metadata(tags))
    if tags.duration:
        whole = round(tags.duration)
        lines.append(f"Length: {whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}")
    if lines:
        yield TextElement("\n".join(lines))
    for field in _LONG:
        for text in _other(tags, field):
            yield TextElement(text.strip())
    caption = one_line(" - ".join(filter(None, (tags.artist, tags.album or tags.title))))
    stem = PurePosixPath(name.replace("\\", "/")).name
    for number, picture in enumerate(pictures[:_MAX_PICTURES], start=1):
        texts = (OriginText("context", f"Cover of {caption}"),) if caption else ()
        yield ImageElement(picture, f"{stem} cover {number}", texts)
    yield Warned("part_unread", f"only its tags are read: {_REFUSED}")


def _tags(data: bytes, name: str) -> Any:
    import tinytag

    try:
        return tinytag.TinyTag.get(filename=PurePosixPath(name).name, file_obj=io.BytesIO(data), image=True)
    except tinytag.UnsupportedFormatError:
        raise DocumentError(f"this is a sound or video file whose tags are not read: {_REFUSED}") from None
    except MemoryError:
        raise
    except Exception as error:
        raise DocumentError(f"a broken sound or video file ({type(error).__name__}); {_REFUSED}") from error


def _lines(tags: Any) -> Iterator[str]:
    for field, label in _SHOWN:
        value = getattr(tags, field, None)
        if value not in (None, "", 0):
            yield f"{label}: {one_line(str(value))}"
    for field, values in tags.other.items():
        if field not in _LONG and isinstance(values, list) and len(field) < 40:
            texts = [one_line(str(value)) for value in values if isinstance(value, str) and 0 < len(value) < 2000]
            if texts and not field.startswith(
                ("private", "priv", "encod", "itunsmpb", "itunnorm", "major_", "compatible_")
            ):
                yield f"{field.replace('_', ' ').capitalize()}: {'; '.join(dict.fromkeys(texts))}"


def _other(tags: Any, field: str) -> list[str]:
    values = tags.other.get(field) or []
    return [str(value) for value in values if str(value).strip()]


def _metadata(tags: Any) -> dict[str, str]:
    found = {
        "author": tags.artist or tags.albumartist,
        "album": tags.album,
        "published": tags.year,
        "genre": tags.genre,
    }
    return {key: one_line(str(value)) for key, value in found.items() if value}


def _pictures(tags: Any) -> Iterator[bytes]:
    for images in tags.images.as_dict().values():
        yield from (bytes(image.data) for image in images)
