"""What the elements of known XML vocabularies mean: JATS, FictionBook, DocBook, TEI, DITA, feeds.

Names are matched without their namespace, in small letters. A name that is in none of these sets is read for its words.
"""

from __future__ import annotations

# fmt: off
SECTIONS = frozenset({
    "sec", "section", "sect1", "sect2", "sect3", "sect4", "sect5", "chapter", "part", "appendix", "preface", "article",
    "body", "back", "div", "div1", "div2", "div3", "topic", "concept", "task", "reference", "abstract", "app", "ack",
    "entry", "item", "glossary", "boxed-text", "sidebar", "refsect1", "refsect2", "simplesect", "ref-list", "outline",
})
TITLES = frozenset({"title", "head", "bridgehead", "article-title", "subtitle"})
PARAGRAPHS = frozenset({
    "p", "para", "simpara", "formalpara", "ab", "v", "empty-line", "text-author", "verse", "l", "line", "shortdesc",
    "li",
    "description", "summary", "content", "encoded", "disp-quote", "blockquote", "cite", "q", "epigraph", "note", "tip",
    "warning", "caution", "important", "disp-formula", "mixed-citation", "element-citation", "bibl", "desc", "lq",
    "cmd",
    "abstract-p", "attrib", "subtitle", "contrib", "aff", "corresp", "stepresult", "screen", "programlisting",
    "codeblock", "literallayout", "synopsis", "preformat", "code",
})
VERBATIM = frozenset({"screen", "programlisting", "codeblock", "literallayout", "synopsis", "preformat", "pre"})
LISTS = frozenset({"list", "itemizedlist", "orderedlist", "variablelist", "simplelist", "ul", "ol", "sl", "steps",
                   "def-list"})
ITEMS = frozenset({"list-item", "listitem", "li", "member", "sli", "step", "item", "def-item", "varlistentry"})
TABLES = frozenset({"table", "informaltable", "tgroup", "simpletable"})
ROWS = frozenset({"tr", "row", "strow", "sthead"})
CELLS = frozenset({"td", "th", "entry", "cell", "stentry"})
HEADS = frozenset({"thead", "sthead"})
FIGURES = frozenset({"fig", "figure", "informalfigure", "mediaobject", "inlinemediaobject", "graphic", "image",
                     "imagedata", "inline-graphic", "media"})
PICTURES = frozenset({"graphic", "image", "imagedata", "inline-graphic"})
CAPTIONS = frozenset({"caption", "figdesc"})
SKIPPED = frozenset({
    "script", "style", "stylesheet", "binary", "journal-meta", "article-meta", "teiheader", "prolog", "processing-meta",
    "permissions", "fn-group-meta", "xref-meta", "alternatives-meta", "guid", "generator", "docs", "ttl", "cloud",
    "textinput", "indexterm", "index-term", "annotation-xml", "tex-math", "history",
})
NOTES = frozenset({"fn", "footnote", "comment"})
# fmt: on
"""`tex-math` says again what `mml:math` beside it says."""
