"""Names of uploaded files, and where they are kept."""

import os
import time
import unicodedata

import pytest

from rag.types import document_id
from rag.uploads import LEFT_AFTER_S, BadUpload, Uploads, is_hidden, safe_name

REFUSED = [
    "",
    ".",
    "..",
    "/",
    "//",
    "/etc/passwd",
    "//host/share/a.txt",
    "../a.txt",
    "a/../../b.txt",
    "a/..",
    "a/./b.txt",
    "a//b.txt",
    "a/",
    "a/.. /b.txt",
    "a/. ./b.txt",
    " ",
    "a/ /b.txt",
    "...",
    ". .",
    "a\0.txt",
    "a\nb.txt",
    "a\rb.txt",
    "a\tb.txt",
    "\x1b[31mred.txt",
    "a\x7f.txt",
    "a\x9b31m.txt",
    "gp\u202efdp.exe",
    "a\u2066b.txt",
    "a\u2028b.txt",
    "a\u200bb.txt",
    "\ufeffa.txt",
    "a\ud800.txt",
    "CON",
    "con.txt",
    "aux.tar.gz",
    "a/NUL/b.txt",
    "nul .txt",
    "com1.pdf",
    "LPT9",
    "COM².txt",
    "CONIN$",
    "x" * 201,
    "é" * 101,
    "/".join(["x" * 100] * 6),
    "/".join("x" * 17),
]
KEPT = {
    "pump.pdf": "pump.pdf",
    "a/b/c.pdf": "a/b/c.pdf",
    "Pumpe für Öl.pdf": "Pumpe für Öl.pdf",
    unicodedata.normalize("NFD", "Öl.pdf"): "Öl.pdf",
    "图/表 1.png": "图/表 1.png",
    "Screenshot at 1.00.00\u202fPM.png": "Screenshot at 1.00.00\u202fPM.png",
    "what?.txt": "what_.txt",
    'a"b<c>d|e*f:g.txt': "a_b_c_d_e_f_g.txt",
    "..\\..\\windows.ini": ".._.._windows.ini",
    "C:\\fakepath\\a.txt": "C__fakepath_a.txt",
    "a. ": "a",
    " a .txt": "a .txt",
    "wow!/a.txt": "wow/a.txt",
    "a.zip!/b.txt": "a.zip/b.txt",
    "-rf": "-rf",
    "--kb": "--kb",
    "$(reboot).txt": "$(reboot).txt",
    "%2e%2e%2fa.txt": "%2e%2e%2fa.txt",
    "console.txt": "console.txt",
    "x" * 200: "x" * 200,
    "می\u200cخواهم.txt": "می\u200cخواهم.txt",
}


@pytest.fixture
def uploads(tmp_path):
    uploads = Uploads(tmp_path / "uploads")
    uploads.incoming()
    return uploads


def put(uploads, tmp_path, *names):
    """Places files of that name whose content is the name."""
    files = {}
    for n, name in enumerate(names):
        files[name] = tmp_path / f"came{n}"
        files[name].write_text(name)
    return uploads.store_files("kb", files)


@pytest.mark.parametrize("name", REFUSED, ids=ascii)
def test_a_hostile_name_is_refused(name):
    with pytest.raises(BadUpload) as caught:
        safe_name(name)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(("name", "kept"), KEPT.items(), ids=ascii)
def test_a_name_is_kept_in_a_form_that_every_system_takes(name, kept):
    assert safe_name(name) == kept
    assert safe_name(kept) == kept


def test_names_that_file_managers_hide():
    assert all(map(is_hidden, (".DS_Store", "a/.git/config", "..x")))
    assert not any(map(is_hidden, ("a.b", "a/b.c")))


def test_files_are_placed_and_replaced_whole(uploads, tmp_path):
    ids = put(uploads, tmp_path, "a/b.txt", "c.txt")
    top = uploads.of("kb")
    assert ids == {name: document_id("kb", str(top / name)) for name in ("a/b.txt", "c.txt")}
    assert (top / "a/b.txt").read_text() == "a/b.txt"
    (tmp_path / "again").write_text("new")
    uploads.store_files("kb", {"a/b.txt": tmp_path / "again"})
    assert (top / "a/b.txt").read_text() == "new"
    assert not (tmp_path / "again").exists()
    assert uploads.incoming().parent.stat().st_mode & 0o077 == 0


def test_a_conflict_moves_nothing(uploads, tmp_path):
    put(uploads, tmp_path, "a/b.txt")
    for names in (("new.txt", "a"), ("new.txt", "a/b.txt/c"), ("x", "x/y"), ("x/y", "x")):
        with pytest.raises(BadUpload):
            put(uploads, tmp_path, *names)
    assert [file.name for file in uploads.of("kb").rglob("*") if file.is_file()] == ["b.txt"]


def test_a_link_that_somebody_put_there_is_not_followed(uploads, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    uploads.of("kb").mkdir(parents=True)
    (uploads.of("kb") / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadUpload, match="leads out"):
        put(uploads, tmp_path, "link/a.txt")
    (tmp_path / "elsewhere" / "mine.txt").write_text("mine")
    assert uploads.file_of("kb", f"{uploads.of('kb')}/link/mine.txt") is None
    assert list((tmp_path / "elsewhere").iterdir()) == [tmp_path / "elsewhere" / "mine.txt"]


def test_the_file_of_a_document_is_itself_or_its_archive(uploads, tmp_path):
    put(uploads, tmp_path, "a/b.txt", "c.zip")
    top = uploads.of("kb")
    assert uploads.file_of("kb", f"{top}/a/b.txt") == top / "a/b.txt"
    assert uploads.file_of("kb", f"{top}/c.zip!/inner/d.txt") == top / "c.zip"
    assert uploads.file_of("kb", f"{top}/gone.txt") is None
    assert uploads.file_of("kb", str(tmp_path / "came0")) is None
    assert uploads.file_of("kb", f"{top}2/a.txt") is None
    assert uploads.file_of("kb", f"{top}/../../came0") is None
    assert uploads.find("kb", document_id("kb", f"{top}/c.zip")) == top / "c.zip"
    assert uploads.find("kb", "0" * 32) is None


def test_what_a_killed_server_left_is_swept_away_a_day_later(uploads):
    for name, age_s in (("old", LEFT_AFTER_S + 60), ("new", 60)):
        folder = uploads.incoming() / name
        folder.mkdir()
        (folder / "1").write_text("half")
        os.utime(folder, (time.time() - age_s,) * 2)
    uploads.sweep()
    assert [folder.name for folder in uploads.incoming().iterdir()] == ["new"]


def test_removing_a_file_takes_its_empty_folders_along(uploads, tmp_path):
    put(uploads, tmp_path, "a/b/c.txt", "a/d.txt")
    top = uploads.of("kb")
    uploads.remove("kb", top / "a/b/c.txt")
    assert [path.relative_to(top).as_posix() for path in sorted(top.rglob("*"))] == ["a", "a/d.txt"]
    uploads.remove("kb", top / "a/d.txt")
    assert list(top.iterdir()) == []
    put(uploads, tmp_path, "e.txt")
    uploads.drop("kb")
    assert not top.exists()
    uploads.drop("kb")
