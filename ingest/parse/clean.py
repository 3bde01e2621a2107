"""Text that is safe to store, search, print and send to a model: what every parser's output goes through."""

from __future__ import annotations

import re
import unicodedata

_TERMINAL = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]"  # CSI: colours, cursor movement
    r"|(?:\x1b[]PX^_]|\x9d|\x90)[^\x07\x1b\x9c\n]{0,1024}(?:\x07|\x1b\\|\x9c)"  # OSC, DCS: titles, links, clipboard
    r"|\x1b[ -/]{0,4}[0-~]"
)
_NEWLINES = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # soft hyphen, zero width, bidi controls
    "\ufdd0-\ufdef\ufff9-\ufffc\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff]"  # tags and selectors: can carry hidden instructions
)
_COMPATIBLE = re.compile(
    "[\u2f00-\u2fdf\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufb4f\ufb50-\ufdcf\ufdf0-\ufdfb\ufe70-\ufefc\uff01-\uff5e]"
)
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
)
_PILED_MARKS = re.compile(f"([{_MARKS}]{{8}})[{_MARKS}]+")
_SPACE_RUN = re.compile(r"\s+")


def clean_text(text: str) -> str:
    """NFC with LF line ends, without control, terminal, bidi or invisible characters.

    NFKC would also turn 10² into 102 and ½ into 1/2, so only what is pure typography is decomposed: ligatures,
    full-width letters, Arabic presentation forms, CJK radicals from PDF fonts. Idempotent.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _NEWLINES.sub("\n", text)
    if "\x1b" in text or "\x9b" in text or "\x9d" in text or "\x90" in text:
        text = _TERMINAL.sub("", text)
    text = _INVISIBLE.sub("", text)
    if text.isascii():
        return text
    text = _SPACES.sub(" ", text)
    text = _COMPATIBLE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return unicodedata.normalize("NFC", _PILED_MARKS.sub(r"\1", text))


def one_line(text: str) -> str:
    """Cleaned, with every run of white space as one blank: for titles, captions and names."""
    return _SPACE_RUN.sub(" ", clean_text(text)).strip()


def shorten(text: str, n_chars: int) -> str:
    """At most `n_chars` characters, cut between words where there are any, with an ellipsis where something was cut."""
    if len(text) <= n_chars:
        return text
    head = text[: n_chars - 1]
    cut = head.rfind(" ")
    return head[: cut if cut > n_chars // 2 else len(head)].rstrip() + "…"


def windows(text: str, n_chars: int) -> list[str]:
    """Cuts a text into parts of at most `n_chars` characters, at a line end or blank in the last half of each.

    `"".join(windows(text, n)) == text`.
    """
    parts = []
    start = 0
    while len(text) - start > n_chars:
        end = start + n_chars
        cuts = (text.rfind(border, start + n_chars // 2, end) + len(border) for border in ("\n\n", "\n", " "))
        cut = next((cut for cut in cuts if cut > start + n_chars // 2), end)
        parts.append(text[start:cut])
        start = cut
    parts.append(text[start:])
    return parts
