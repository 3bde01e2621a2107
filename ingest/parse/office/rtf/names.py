"""Rich Text Format's control words, by what is to be done with them.

Source: Rich Text Format Specification 1.9.1.
"""

from __future__ import annotations

import re

TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?"  # a control word and its number
    rb"|\\'([0-9a-fA-F]{2})"  # a byte
    rb"|\\([^a-zA-Z])"  # a control symbol
    rb"|([{}])"
    rb"|[\r\n]+"
    rb"|([^\\{}\r\n]+)"
)

# fmt: off
CODE_PAGES = {
    0: "cp1252", 2: "cp1252", 77: "mac_roman", 78: "shift_jis", 79: "johab", 80: "gb2312", 81: "big5", 83: "mac_greek",
    84: "mac_cyrillic", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
    254: "cp437", 255: "cp850",
}
"""Encodings by a font's `\\fcharset`."""

SKIPPED = frozenset({
    "colortbl", "generator", "listtable", "listoverridetable", "revtbl", "rsidtbl", "themedata", "colorschememapping",
    "latentstyles", "datastore", "xmlnstbl", "filetbl", "fldinst", "nonshppict", "bkmkstart", "bkmkend", "pgptbl",
    "template", "mmathPr", "wgrffmtfilter", "fontemb", "fontfile", "blipuid", "picprop", "sp", "objclass",
    "objname", "objdata", "atnid", "atntime", "atndate", "atnref", "atnparent", "atrfstart", "atrfend", "xe", "tc",
    "htmltag", "mhtmltag", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "userprops", "docvar",
    "private", "upr", "panose", "falt", "ffname", "formfield", "datafield", "do", "background", "pnseclvl",
    "passwordhash",
})
"""Groups without words of the document."""

READABLE = frozenset({
    "shppict", "pict", "ud", "moMath", "moMathPara", "annotation", "atnauthor", "shpinst", "shptxt", "pn", "footnote",
    "fldrslt", "result", "listtext", "pntext", "header", "footer", "title", "author",
})
"""Groups that may begin with `\\*`, which says that old readers are to skip them, and are read all the same."""

MARGINS = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), "Header"),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), "Footer"),
}
CHARACTERS = {
    "line": "\n", "tab": "\t", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ", "qmspace": " ",
    "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "nestcell": " ", "nestrow": "\n",
}
SYMBOLS = {"~": " ", "_": "-", "{": "{", "}": "}", "\\": "\\", "\t": "\t"}
# fmt: on
