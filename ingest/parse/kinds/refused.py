"""What is not read, by its first bytes: what it is, and what to turn it into."""

from __future__ import annotations

from ingest.parse.decode import looks_binary

_SAMPLE_BYTES = 65_536
_PICTURE = "save it as PNG or JPEG"
_PDF = "convert it to PDF"
_PROGRAM = "programs are not read"
_PRINT = "open it in its program and save or print it as PDF"

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%!PS", "a PostScript file", "convert it to PDF (`ps2pdf`)"),
    (b"\xc5\xd0\xd3\xc6", "a PostScript picture", "convert it to PDF or PNG"),
    (b"AT&TFORM", "a DjVu document", "convert it to PDF (`ddjvu -format=pdf`)"),
    (b"\xd7\xcd\xc6\x9a", "a Windows metafile", _PICTURE),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture", _PICTURE),
    (b"\xff\x0a", "a JPEG XL picture", _PICTURE),
    (b"v/1\x01", "an OpenEXR picture", _PICTURE),
    (b"gimp xcf", "a GIMP picture", _PICTURE),
    (b"ITSF", "a compiled help file (.chm)", "unpack it (`7z x`) and ingest the pages in it"),
    (b"!BDN", "an Outlook data file (.pst, .ost)", "export its folders as .mbox or .eml"),
    (b"\xe4\x52\x5c\x7b", "a OneNote section", _PRINT),
    (b"AC10", "an AutoCAD drawing", _PRINT),
    (b"\xffWPC", "a WordPerfect document", "save it as .docx, .odt or PDF"),
    (b"bplist00", "a binary property list", "convert it to XML (`plutil -convert xml1`)"),
    (b"\x7fELF", "a program", _PROGRAM),
    (b"MZ", "a program", _PROGRAM),
    (b"\xca\xfe\xba\xbe", "a program", _PROGRAM),
    (b"\xcf\xfa\xed\xfe", "a program", _PROGRAM),
    (b"\0asm", "a program", _PROGRAM),
    (b"SQLite format 3\0", "a database", "export what matters as CSV"),
    (b"\0\x01\0\0Standard ", "an Access database", "export its tables as CSV"),
    (b"PAR1", "a Parquet table", "export it as CSV"),
    (b"ARROW1", "an Arrow table", "export it as CSV"),
    (b"\x89HDF", "an HDF5 file", "export what matters as CSV"),
    (b"\x93NUMPY", "a NumPy array", "export what matters as CSV"),
    (b"wOFF", "a font", "fonts are not read"),
    (b"wOF2", "a font", "fonts are not read"),
    (b"OTTO", "a font", "fonts are not read"),
    (b"\0\x01\0\0\0", "a font", "fonts are not read"),
    (b"-----BEGIN PGP MESSAGE", "an encrypted message", "decrypt it first"),
    (b"Salted__", "an encrypted file", "decrypt it first"),
)
_AT_60 = {b"BOOKMOBI": "a Kindle or Mobipocket book", b"TEXtREAd": "a Palm book"}
_FTYP_REFUSED = {b"crx ": "a camera's raw picture"}


def refusal(data: bytes) -> str:
    """For people; empty where nothing is known against the file."""
    head = data[:_SAMPLE_BYTES]
    for magic, what, remedy in _MAGIC:
        if head.startswith(magic) and (len(magic) > 2 or looks_binary(head)):
            return f"this is {what}: {remedy}"
    if head[60:68] in _AT_60:
        return f"this is {_AT_60[head[60:68]]}: convert it to EPUB (Calibre does)"
    if head[4:8] == b"ftyp" and head[8:12] in _FTYP_REFUSED:
        return f"this is {_FTYP_REFUSED[head[8:12]]}: {_PICTURE}"
    if head[40:44] == b" EMF":
        return f"this is a Windows metafile: {_PICTURE}"
    return ""


def unknown(data: bytes) -> str:
    """For people; empty where it may be text."""
    if not looks_binary(data[:_SAMPLE_BYTES]):
        return ""
    return "this is binary data of an unknown kind: convert it to PDF, HTML, Markdown, text or a picture"


def zipped_refusal(names: list[str]) -> str:
    """Of a zip that is a document of a kind that is not read; empty for others."""
    of = frozenset(names)
    if "Index/Document.iwa" in of or "Index.zip" in of or "index.apxl" in of:
        return "this is a Pages, Numbers or Keynote document: export it as PDF, Word, Excel or PowerPoint"
    if "FixedDocSeq.fdseq" in of or "FixedDocumentSequence.fdseq" in of:
        return "this is an XPS document: print it as PDF"
    if "Contents/section0.xml" in of:
        return "this is a Hangul document: save it as PDF or Word"
    if "META-INF/MANIFEST.MF" in of or "AndroidManifest.xml" in of:
        return "this is a program: programs are not read"
    if "[Content_Types].xml" in of:
        return "this is an office document of another kind: save it as PDF"
    return ""
