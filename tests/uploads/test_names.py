"""Names of uploaded files."""

import unicodedata

import pytest

from rag.uploads import BadUpload, checked_name, is_hidden, safe_name
from rag.uploads.names import digest, digested

LEADS_ELSEWHERE = [
    "", ".", "..", "/", "//", "/etc/passwd", "//host/share/a.txt", "../a.txt", "a/../../b.txt", "a/..", "a/./b.txt",
    "a//b.txt", "a/", "a/.. /b.txt", "a/\u200f..\u200f/b.txt", " ", "a/ /b.txt", "x" * 5000,
]  # fmt: skip
KEPT = {
    "pump.pdf": "pump.pdf",
    "a/b/c.pdf": "a/b/c.pdf",
    "Pumpe für Öl.pdf": "Pumpe für Öl.pdf",
    unicodedata.normalize("NFD", "Öl.pdf"): "Öl.pdf",
    "图/表 1.png": "图/表 1.png",
    "Screenshot at 1.00.00\u202fPM.png": "Screenshot at 1.00.00\u202fPM.png",
    "what?.txt": "what_.txt",
    'a"b<c>d|e*f:g.txt': "a_b_c_d_e_f_g.txt",
    "..\\..\\windows.ini": "_.._.._windows.ini",
    "C:\\fakepath\\a.txt": "C__fakepath_a.txt",
    "a. ": "a",
    " a .txt": "a .txt",
    "wow!/a.txt": "wow/a.txt",
    "a.zip!/b.txt": "a.zip/b.txt",
    "-rf": "-rf",
    "$(reboot).txt": "$(reboot).txt",
    "%2e%2e%2fa.txt": "%2e%2e%2fa.txt",
    "console.txt": "console.txt",
    "x" * 200: "x" * 200,
    "می\u200cخواهم.txt": "می\u200cخواهم.txt",
    "...": "_",
    "a\0.txt": "a.txt",
    "a\nb\tc.txt": "a_b_c.txt",
    "\x1b[31mred.txt": "[31mred.txt",
    "gp\u202efdp.exe": "gpfdp.exe",
    "\u200f.git": "_.git",
    "con.txt": "_con.txt",
    "a/NUL/b.txt": "a/_NUL/b.txt",
    "COM².txt": "_COM².txt",
    "aux.md": "_aux.md",
}


@pytest.mark.parametrize("name", LEADS_ELSEWHERE, ids=lambda name: ascii(name[:20]))
def test_a_name_that_leads_elsewhere_is_refused(name):
    with pytest.raises(BadUpload) as caught:
        checked_name(name)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(("name", "kept"), KEPT.items(), ids=ascii)
def test_a_name_is_kept_in_a_form_that_every_system_takes(name, kept):
    assert safe_name(checked_name(name)) == kept
    assert safe_name(kept) == kept


@pytest.mark.parametrize("name", ["图" * 72 + ".md", "x" * 300, "." * 2 + "x" * 300 + "." + "y" * 300, "é" * 101])
def test_a_long_name_is_cut_and_told_from_others_by_a_digest(name):
    safe = safe_name(checked_name(name))
    assert len(safe.encode()) <= 200
    assert digest(name) in safe
    assert safe_name(name + "z") != safe
    assert safe.endswith(".md") == name.endswith(".md")


@pytest.mark.parametrize("name", ["/".join("x" * 40), "/".join(["x" * 100] * 6)])
def test_too_many_folders_become_one(name):
    assert safe_name(name).count("/") == 1
    assert len(safe_name(name).encode()) <= 500


def test_a_digest_stands_before_the_ending():
    assert digested("a/b.txt", "a/B.txt") == f"a/b{digest('a/B.txt')}.txt"
    assert digested("b", "B") == f"b{digest('B')}"


def test_names_that_file_managers_hide():
    assert all(map(is_hidden, (".DS_Store", "a/.git/config", "..x")))
    assert not any(map(is_hidden, ("a.b", "a/b.c")))
