"""Which encoding are bytes in that are no Unicode? A guess by chardet, held to how writing looks.

Of 147 short texts, lines, paragraphs and caption tables in 21 languages and 20 encodings, written before the choice:
Windows-1252 for everything 34, charset-normalizer 111, chardetng 135, chardet 140, chardet with the checks here 147
(docs/decisions/030-encodings.md).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

FALLBACK = "cp1252"

LEGACY = (
    *("gb18030", "big5hkscs", "cp932", "euc_jis_2004", "cp949"),
    *("iso2022_jp_ext", "iso2022_kr", "hz"),
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("koi8-r", "koi8-u", "cp866", "mac_cyrillic", "mac_roman", "cp437", "cp850", "cp852"),
    *("iso8859-2", "iso8859-5", "iso8859-7", "iso8859-8", "iso8859-15"),
)
"""What people's files are in. chardet knows more (EBCDIC, Atari), which short texts are mistaken for."""

SEVEN_BIT = frozenset({"iso2022_jp_ext", "iso2022_kr", "hz"})
"""Encodings whose bytes are valid ASCII: that a file is valid UTF-8 says nothing about them."""

# The web's and Windows' own reading of a label: what writes it also writes the larger set (WHATWG Encoding, 4.2).
_SUPERSETS = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030"), "gb18030"),
    **dict.fromkeys(("big5", "cp950", "big5hkscs"), "big5hkscs"),
    **dict.fromkeys(("shift_jis", "cp932"), "cp932"),
    **dict.fromkeys(("euc_jp", "euc_jis_2004"), "euc_jis_2004"),
    **dict.fromkeys(("euc_kr", "cp949"), "cp949"),
    **dict.fromkeys(("iso8859-1", "ascii", "cp1252"), "cp1252"),
    **dict.fromkeys(("iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_3", "iso2022_jp_ext"), "iso2022_jp_ext"),
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
}
_LABELS = {
    "x-sjis": "cp932", "windows-31j": "cp932", "ms_kanji": "cp932", "x-euc-jp": "euc_jis_2004", "x-gbk": "gb18030",
    "gb_2312-80": "gb18030", "x-x-big5": "big5hkscs", "big5-hkscs": "big5hkscs", "windows-949": "cp949",
    "ks_c_5601-1989": "cp949", "korean": "cp949", "windows-874": "cp874", "dos-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "logical": "iso8859-8", "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-ukrainian": "mac_cyrillic", "koi": "koi8-r", "koi8": "koi8-r", "koi8-ru": "koi8-u", "hz-gb-2312": "hz",
    "csiso2022kr": "iso2022_kr", "iso-2022-jp": "iso2022_jp_ext", "iso-2022-kr": "iso2022_kr",
}  # fmt: skip
_NAMES = {
    "gb18030": "GB18030 (Chinese)", "big5hkscs": "Big5 (Chinese)", "cp932": "Shift-JIS (Japanese)",
    "euc_jis_2004": "EUC-JP (Japanese)", "cp949": "EUC-KR (Korean)", "koi8-r": "KOI8-R", "koi8-u": "KOI8-U",
    "mac_roman": "Macintosh", "mac_cyrillic": "Macintosh Cyrillic", "iso2022_jp_ext": "ISO-2022-JP",
    "iso2022_kr": "ISO-2022-KR", "hz": "HZ (Chinese)", "utf-8": "UTF-8",
}  # fmt: skip
_DOS = re.compile(r"cp(437|8\d\d)")
_ESCAPES = re.compile(rb"\x1b(?:\$[@B]|\([BJ]|\$\(D|\$\)C)")
_IN_A_WORD = re.compile(r"(?<=[^\W\d_])[^\x00-\x7f](?=[^\W\d_]|[^\x00-\x7f\s])")
_SYMBOLS = frozenset({"So", "Sm", "Sc", "Sk", "No"})
_WORD = re.compile(r"[^\W\d_]+")
_CLOSE = 0.05
"""Of the best guess's confidence: nearer than that, the usual encoding goes first."""
_TRIED = 6
_SAMPLE_BYTES = 200_000


def guess(data: bytes, candidates: Collection[str] = LEGACY, usual: str = FALLBACK) -> str:
    """The most likely codec of bytes that are no UTF-8.

    Args:
        data: a sample is looked at.
        candidates: codecs to choose from, of `LEGACY`.
        usual: one of them, taken where nothing tells, or too little.
    """
    import chardet

    sample = data[:_SAMPLE_BYTES]
    if _only_symbols(sample.decode(usual, "replace")):
        return usual  # “quotes”, £ and °: too little to tell a language by
    found = chardet.detect_all(
        sample, ignore_threshold=True, compat_names=False, include_encodings=tuple(candidates), no_match_encoding=usual
    )
    ranks = {codec: float(one["confidence"]) for one in reversed(found) if (codec := canonical(one["encoding"] or ""))}
    head_start = _CLOSE * max(ranks.values(), default=0.0)
    ranked = sorted(ranks, key=lambda codec: -ranks[codec] - head_start * (codec == usual))
    best, fewest = usual, len(sample) + 1
    for codec in ranked[:_TRIED]:
        n_odd = count_odd(sample.decode(codec, "replace"))
        if n_odd < fewest:
            best, fewest = codec, n_odd
    return best


def escape_codec(data: bytes) -> str:
    """The 7-bit encoding whose escapes are in these bytes; empty where there are none, or they do not fit."""
    if not _ESCAPES.search(data):
        return ""
    for codec in ("iso2022_jp_ext", "iso2022_kr"):
        try:
            if any(char > "\x7f" for char in data.decode(codec)):
                return codec
        except UnicodeDecodeError:
            continue
    return ""


def canonical(label: str) -> str:
    """Python's codec for a charset's label as programs write it; empty for what is no encoding of text."""
    plain = label.strip().lower()
    try:
        codec = codecs.lookup(_LABELS.get(plain) or plain)
    except (LookupError, ValueError):
        return ""
    if not getattr(codec, "_is_text_encoding", True):  # 'zip' and 'base64' are codecs too
        return ""
    return _SUPERSETS.get(codec.name, codec.name)


def shown(codec: str) -> str:
    """The encoding's name for people."""
    if codec in _NAMES:
        return _NAMES[codec]
    if _DOS.fullmatch(codec):
        return f"DOS code page {codec[2:]}"
    if codec.startswith("cp"):
        return f"Windows-{codec[2:]}"
    return codec.upper().replace("ISO8859", "ISO-8859")


def count_odd(text: str) -> int:
    """What no written text has: control characters, symbols in words, words of two scripts that do not mix."""
    if text.isascii():
        return 0
    n_odd = sum("\x7f" <= char < "\xa0" or "\ue000" <= char < "\uf900" or char == "\ufffd" for char in text)
    n_odd += sum(char in "‹›„‚†‡•" or unicodedata.category(char) in _SYMBOLS for char in _IN_A_WORD.findall(text))
    return n_odd + sum(_is_mixed(word) for word in _WORD.findall(text) if not word.isascii())


def _only_symbols(text: str) -> bool:
    foreign = [char for char in text if char > "\x7f"]
    return not count_odd(text) and not any(char.isalpha() and char not in "ªµº" for char in foreign)


def _is_mixed(word: str) -> bool:
    scripts = set(map(_script, word))
    return len(scripts) > 1 and ("LATIN" in scripts or scripts == {"CJK", "HANGUL"})


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    if char.isascii():
        return "LATIN"
    return unicodedata.name(char, "?").split()[0].replace("FEMININE", "LATIN").replace("MASCULINE", "LATIN")
