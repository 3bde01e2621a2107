"""Bytes to text: byte order marks, UTF-8, UTF-16, a declared charset, and a guess for what is none of them."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from ingest.parse.encodings import FALLBACK, SEVEN_BIT, canonical, escape_codec, guess, shown

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\r\f\v\b\x1a\x1b"))
_META_CHARSET = re.compile(rb"<meta\b[^>]{0,1000}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})")
_HEAD_END = re.compile(rb"</head\s*>|<body[\s>]", re.IGNORECASE)
_HEAD_BYTES = 1 << 20
_SAMPLE_BYTES = 65_536
STRAYS = "ingest.strays"
"""Name of an error handler for `bytes.decode`: a byte that is out of place in UTF-8 is read as Windows-1252."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and how it was read.

    Attributes:
        text: without a byte order mark.
        encoding: Python's name of the codec.
        is_guess: nothing says that it is this one.
        n_strays: bytes that are out of place in a file that otherwise is UTF-8.
    """

    text: str
    encoding: str
    is_guess: bool = False
    n_strays: int = 0

    @property
    def warning(self) -> str:
        """What people should know of how it was read, and what to do; empty where nothing was guessed."""
        return encoding_warning(self.encoding, is_guess=self.is_guess, n_strays=self.n_strays)


def encoding_warning(encoding: str, *, is_guess: bool, n_strays: int = 0) -> str:
    """A sentence on a guessed encoding; empty where nothing was guessed."""
    if is_guess:
        return f"not UTF-8: read as {shown(encoding)}, a guess; if words look wrong, save the file as UTF-8"
    if n_strays:
        some = "1 byte is" if n_strays == 1 else f"{n_strays} bytes are"
        return (
            f"{some} not UTF-8 as the rest is: read as Windows-1252 where that fits, a guess; if words look wrong, save"
            " the file as UTF-8"
        )
    return ""


def looks_binary(data: bytes) -> bool:
    """Over 1 in 200 of the first 64 KiB are control characters that no text has, and over a handful.

    Zeros weigh eightfold; UTF-16 is text all the same.
    """
    sample = data[:_SAMPLE_BYTES]
    if not sample or _wide(sample):
        return False
    n_controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return n_controls + 7 * sample.count(0) > 8 + len(sample) / 200


def decode(data: bytes) -> tuple[str, str]:
    """The text, and the name of the encoding that it was read with. Never fails. See `decode_text`."""
    decoded = decode_text(data)
    return decoded.text, decoded.encoding


def decode_text(data: bytes, declared: str = "") -> Decoded:
    """The text, by its marks, as UTF-8, by what it declares, or by a guess. Never fails.

    Args:
        data: a whole file, or its beginning.
        declared: the charset that the file or its sender names; valid UTF-8 goes before it, unless it has 7 bits only.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return Decoded(data[len(bom) :].decode(encoding, "replace"), encoding)
    if wide := _wide(data[:_SAMPLE_BYTES]):
        return Decoded(data.decode(wide, "replace"), wide)
    codec = canonical(declared) if declared else ""
    escaped = codec if codec in SEVEN_BIT else escape_codec(data)
    if escaped:
        return Decoded(data.decode(escaped, "replace"), escaped, is_guess=escaped != codec)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    n_good, n_broken = count_utf8(data)
    if n_good > n_broken:
        return Decoded(data.decode("utf-8", STRAYS), "utf-8", n_strays=n_broken)
    if codec and _fits(data, codec):
        return Decoded(data.decode(codec, "replace"), codec)
    codec = guess(data)
    return Decoded(data.decode(codec, "replace"), codec, is_guess=True)


def decode_html(data: bytes) -> tuple[str, str]:
    """As `decode`, with the charset that the page declares."""
    decoded = decode_page(data)
    return decoded.text, decoded.encoding


def decode_page(data: bytes) -> Decoded:
    """As `decode_text`, with the charset that a page declares anywhere in its head."""
    head = data[:_HEAD_BYTES]
    if end := _HEAD_END.search(head):
        head = head[: end.start()]
    declared = _META_CHARSET.search(head) or _XML_ENCODING.search(head)
    return decode_text(data, declared[1].decode("ascii") if declared else "")


def count_utf8(data: bytes) -> tuple[int, int]:
    """(valid sequences of several bytes, bytes and pieces out of place), over at most the first 4 MB.

    No text in a legacy encoding has more valid than broken ones: by chance, Big5 comes to 0.6 valid for each broken.
    """
    text = data[: 4 << 20].decode("utf-8", "replace")
    n_broken = text.count("\ufffd")
    return sum(char > "\x7f" for char in text) - n_broken, n_broken


def _fits(data: bytes, codec: str) -> bool:
    """Whether a declared charset can be true: less than one in ten of what is not ASCII fails to decode by it."""
    sample = data[: 1 << 20]
    n_foreign = len(sample) - len(sample.translate(None, bytes(range(0x80, 0x100))))
    try:
        return 10 * sample.decode(codec, "replace").count("\ufffd") <= n_foreign
    except (LookupError, UnicodeError):
        return False


def _read_stray(error: UnicodeError) -> tuple[str, int]:
    """One byte that begins nothing is a letter of Windows-1252; a piece of a character is lost."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    raw = error.object[error.start : error.end]
    is_cut = error.end == len(error.object) or len(raw) > 1
    letter = "" if is_cut or raw >= b"\xfe" else raw.decode(FALLBACK, "ignore")
    return letter or "\ufffd", error.end


codecs.register_error(STRAYS, _read_stray)


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: every other byte of mostly Western text is zero."""
    even, odd = sample[0:4096:2], sample[1:4096:2]
    if len(odd) < 4:
        return ""
    zero_even, zero_odd = even.count(0) / len(even), odd.count(0) / len(odd)
    if zero_odd > 0.4 and zero_even < 0.02:
        return "utf-16-le"
    if zero_even > 0.4 and zero_odd < 0.02:
        return "utf-16-be"
    return ""
