"""Where uploaded files are kept."""

import os
import time

import pytest

from rag.types import document_id
from rag.uploads import LEFT_AFTER_S, Uploads


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


def test_files_are_placed_and_replaced_whole(uploads, tmp_path):
    ids = put(uploads, tmp_path, "a/b.txt", "c.txt").ids
    top = uploads.of("kb")
    assert ids == {name: document_id("kb", str(top / name)) for name in ("a/b.txt", "c.txt")}
    assert (top / "a/b.txt").read_text() == "a/b.txt"
    (tmp_path / "again").write_text("new")
    uploads.store_files("kb", {"a/b.txt": tmp_path / "again"})
    assert (top / "a/b.txt").read_text() == "new"
    assert not (tmp_path / "again").exists()
    assert uploads.incoming().parent.stat().st_mode & 0o077 == 0


def kept(uploads):
    top = uploads.of("kb")
    return {file.relative_to(top).as_posix(): file.read_text() for file in top.rglob("*") if file.is_file()}


def test_no_file_costs_another_its_place(uploads, tmp_path):
    names = ["a.txt", "A.txt", "a.txt/b.txt", "c/d", "c", "q?.txt", "q_.txt", "图" * 72 + ".md", "aux.md", "x" * 300]
    first = put(uploads, tmp_path, *names)
    assert first.refused == {}
    assert list(first.ids) == names
    assert len(set(first.ids.values())) == len(names)
    there, true = kept(uploads), uploads.true_names("kb")
    assert sorted(true.get(safe, safe) for safe in there) == sorted(names)
    assert all(true.get(safe, safe) == content for safe, content in there.items())
    assert all(len(part.encode()) <= 210 for safe in there for part in safe.split("/"))
    assert len({safe.casefold() for safe in there}) == len(names)
    assert put(uploads, tmp_path, *reversed(names)).ids == first.ids
    assert kept(uploads) == there


def test_a_name_is_not_given_to_another_when_its_file_is_gone(uploads, tmp_path):
    put(uploads, tmp_path, "a:b.txt")
    (uploads.of("kb") / "a_b.txt").unlink()
    put(uploads, tmp_path, "a_b.txt")
    (safe,) = kept(uploads)
    assert uploads.true_names("kb")[safe] == "a_b.txt"


def test_done_again_after_a_kill_it_completes_what_is_missing(uploads, tmp_path):
    files = {name: tmp_path / name for name in ("a.txt", "b.txt")}
    for name, file in files.items():
        file.write_text(name)
    first = uploads.store_files("kb", {"a.txt": files["a.txt"]})
    again = uploads.store_files("kb", files)
    assert again.ids["a.txt"] == first.ids["a.txt"]
    assert kept(uploads) == {"a.txt": "a.txt", "b.txt": "b.txt"}
    assert uploads.store_files("kb", {"c.txt": tmp_path / "never"}).refused.keys() == {"c.txt"}


def test_a_damaged_file_of_names_is_said_and_not_fatal(uploads, tmp_path, caplog):
    put(uploads, tmp_path, "a:b.txt")
    (uploads.of("kb").parent / ".names" / "kb.json").write_text("{")
    assert uploads.true_names("kb") == {}
    assert "is damaged" in caplog.text
    assert put(uploads, tmp_path, "c.txt").refused == {}


def test_a_link_that_somebody_put_there_is_not_followed(uploads, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    uploads.of("kb").mkdir(parents=True)
    (uploads.of("kb") / "link").symlink_to(tmp_path / "elsewhere")
    stored = put(uploads, tmp_path, "link/a.txt", "b.txt")
    assert "leads out" in stored.refused["link/a.txt"]
    assert stored.ids.keys() == {"b.txt"}
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
