"""What a PDF's characters mean where the font's own map is missing, halved or wrong.

PDFium gives UTF-16 halves, codes of TeX's fonts as they are, private codes of symbol fonts, and lam-alef ligatures back
to front.
"""

from __future__ import annotations

import ctypes
import re
from typing import Any

import pypdfium2.raw as pdfium_c

DOUBTFUL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufffd]")
"""Characters that may need `repaired`; a lone carriage return or line feed is a glyph, line ends are a pair of them."""
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
CUT_OFF = re.compile("[\u8080-\ubfbf]")
"""Where the bulk text may show the last two bytes of a longer code, see `whole_code`."""

_SYMBOLIC = re.compile(r"symbol|wingdings|dingbats", re.IGNORECASE)
_LATIN = re.compile("[!-~]")
_ALEF_LAM = re.compile("[\u0622\u0623\u0625\u0627\u0671]\u0644")
_TEX_FONT = re.compile(r"(?P<family>cmmi|cmmib|cmsy|cmbsy|cm[a-z]+)\d*$", re.IGNORECASE)

_CMMI = dict(enumerate("ΓΔΘΛΞΠΣΥΦΨΩαβγδεζηθικλμνξπρστυφχ"))
_CMSY = dict(enumerate("−·×∗÷⋄±∓⊕⊖⊗⊘⊙○∘•≍≡⊆⊇≤≥⪯⪰∼≈⊂⊃≪≫≺≻"))
_OT1 = dict(enumerate("ΓΔΘΛΞΠΣΥΦΨΩ")) | {
    0x0B: "ff", 0x0C: "fi", 0x0D: "fl", 0x0E: "ffi", 0x0F: "ffl", 0x10: "ı", 0x11: "ȷ", 0x12: "`", 0x13: "´",
    0x19: "ß", 0x1A: "æ", 0x1B: "œ", 0x1C: "ø", 0x1D: "Æ", 0x1E: "Œ", 0x1F: "Ø",
}  # fmt: skip
_T1 = {
    0x0B: "ff", 0x0C: "fi", 0x0D: "fl", 0x0E: "ffi", 0x0F: "ffl",  # a font that says nothing: then they are OT1's
    0x10: "“", 0x11: "”", 0x12: "„", 0x13: "«", 0x14: "»", 0x15: "–", 0x16: "—", 0x17: "", 0x19: "ı", 0x1A: "ȷ",
    0x1B: "ff", 0x1C: "fi", 0x1D: "fl", 0x1E: "ffi", 0x1F: "ffl",
}  # fmt: skip
"""The control characters of TeX's encodings OML, OMS, OT1 and T1 (Cork), source: LaTeX2e font encodings guide."""

_SYMBOL_LOW = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
_SYMBOL_HIGH = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
_SYMBOL = {0x20 + n: sign for n, sign in enumerate(_SYMBOL_LOW)} | {
    0xA0 + n: sign for n, sign in enumerate(_SYMBOL_HIGH)
}
"""Adobe's Symbol encoding, source: unicode.org, VENDORS/ADOBE/symbol.txt."""
_WINGDINGS = {
    0x4A: "☺", 0x4C: "☹", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "❐", 0x71: "❑", 0x72: "❒", 0x73: "⬧",
    0x74: "⧫", 0x75: "◆", 0x76: "❖", 0x77: "⬥", 0xA1: "○", 0xA4: "◉", 0xA7: "▪", 0xA8: "☐", 0xB7: "•", 0xD8: "➢",
    0xE0: "→", 0xDF: "←", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_DINGBATS = {
    0x33: "✓", 0x34: "✔", 0x35: "✕", 0x36: "✖", 0x37: "✗", 0x38: "✘", 0x48: "★", 0x6C: "●", 0x6D: "❍", 0x6E: "■",
    0x6F: "❏", 0x71: "❑", 0x75: "◆", 0x76: "❖", 0xD8: "➘", 0xD4: "➔", 0xE4: "➤",
}  # fmt: skip
_PRIVATE_LIGATURES = {0xF000: "ff", 0xF001: "fi", 0xF002: "fl", 0xF003: "ffi", 0xF004: "ffl"}


def repaired(text: str, font: str) -> str:
    """The characters of a word as people read them; what nothing is known about stays.

    Args:
        text: as PDFium gives it, UTF-16 halves one by one.
        font: the name of its font, without the subset's prefix.
    """
    if any("\ud800" <= c <= "\udfff" for c in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if is_symbolic(font):
        return "".join(_symbol(ord(c), font.lower()) for c in text)
    tex = _tex_table(font)
    return "".join(c if " " <= c < "\ue000" else _plain(ord(c), tex) for c in text)


def is_symbolic(font: str) -> bool:
    """Latin letters of such a font are not what they seem."""
    return _SYMBOLIC.search(font) is not None


def has_latin(text: str) -> bool:
    return _LATIN.search(text) is not None


def whole_code(code: int) -> str:
    """A character from PDFium's code for it: fonts whose map is written in UTF-8 give its bytes as one number."""
    if 0 < code < 0x110000:
        return chr(code)
    try:
        return code.to_bytes(4, "big").lstrip(b"\0").decode("utf-8") or "\ufffd"
    except (UnicodeDecodeError, OverflowError):
        return "\ufffd"


def in_logical_order(text: str, start: int, textpage: Any) -> str:
    """Lam and alef that one glyph stands for: PDFium turns the two round with the rest of a right-to-left line.

    Args:
        text: a line.
        start: the index of its first character on the page.
        textpage: the raw handle.
    """
    for match in _ALEF_LAM.finditer(text):
        first = start + match.start()
        if _origin(textpage, first) == _origin(textpage, first + 1):
            text = text[: match.start()] + text[match.start() + 1] + text[match.start()] + text[match.end() :]
    return text


def _origin(textpage: Any, index: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium_c.FPDFText_GetCharOrigin(textpage, index, x, y)
    return x.value, y.value


def _tex_table(font: str) -> dict[int, str]:
    match = _TEX_FONT.match(font)
    family = match["family"].lower() if match else ""
    if family.startswith("cmmi"):
        return _CMMI
    if family in {"cmsy", "cmbsy"}:
        return _CMSY
    return _OT1 if family else _T1


def _plain(code: int, tex: dict[int, str]) -> str:
    if code < 0x20:
        return tex.get(code, chr(code))
    if code in _PRIVATE_LIGATURES:
        return _PRIVATE_LIGATURES[code]
    if 0xF020 <= code <= 0xF07E:
        return chr(code - 0xF000)  # the codes of a symbolic TrueType font, that is: its letters
    return "•" if code == 0xF0B7 else chr(code)


def _symbol(code: int, font: str) -> str:
    low = code - 0xF000 if 0xF020 <= code <= 0xF0FF else code
    if low > 0xFF:
        return chr(code)
    table = _DINGBATS if "dingbats" in font and "wing" not in font else _WINGDINGS if "wing" in font else _SYMBOL
    return table.get(low, chr(code))
