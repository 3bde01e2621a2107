"""Bytes to text: byte order marks, UTF-8, UTF-16, and Windows-1252 for what is none of them."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\r\f\v\b\x1a\x1b"))
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})")
_SAMPLE_BYTES = 65_536


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
    """The text, and the name of the encoding that it was read with. Never fails.

    A few broken bytes in a file that is otherwise UTF-8 become U+FFFD; the rest is still read as UTF-8.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace"), encoding
    if wide := _wide(data[:_SAMPLE_BYTES]):
        return data.decode(wide, "replace"), wide
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    n_broken = text.count("\ufffd")
    n_good = sum(1 for c in text[:1_000_000] if c > "\x7f") - n_broken
    if n_good > 10 * n_broken:
        return text, "utf-8"
    return data.decode("cp1252", "replace"), "cp1252"


def decode_html(data: bytes) -> tuple[str, str]:
    """As `decode`, but a charset that the page declares goes before the guess of Windows-1252."""
    text, encoding = decode(data)
    if encoding != "cp1252":
        return text, encoding
    declared = _META_CHARSET.search(data[:4096]) or _XML_ENCODING.search(data[:4096])
    try:
        codec = codecs.lookup(declared[1].decode("ascii")) if declared else None
    except LookupError:
        codec = None
    # The web reads Latin-1 and ASCII as Windows-1252 (WHATWG Encoding, 4.2). Codecs like 'zip' are no text encodings.
    if codec is None or codec.name in {"iso8859-1", "ascii", "utf-8"} or not getattr(codec, "_is_text_encoding", True):
        return text, encoding
    return data.decode(codec.name, "replace"), codec.name


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
