"""Archives as folders: every member is read, nothing lands on disk under its own name, bombs are named by numbers."""

from __future__ import annotations

import contextlib
import gzip
import io
import multiprocessing
import os
import pickle
import stat
import struct
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

import ingest.archives.spool
from ingest.archives.containers import Limits
from ingest.paths import ancestors
from ingest.scan.sources import Problem, Scan, Source, scan
from rag.errors import DocumentError

FILES = {"a.txt": b"first", "in/b.txt": b"second", "in/deep/c.txt": b"third"}


def zipped(files: Mapping[str, bytes], **options: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", options.get("compression", zipfile.ZIP_DEFLATED)) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: Mapping[str, bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def scanned(path: Path, limits: Limits | None = None) -> tuple[dict[str, bytes], list[Problem], Scan]:
    """Members by what follows the path, problems, and the scan."""
    with scan([path], limits=limits) as listed:
        found = {source.path.identity.removeprefix(str(path)): source.read() for source in listed}
        return found, listed.problems, listed


PACKERS = {
    "a.zip": lambda files: zipped(files),
    "stored.zip": lambda files: zipped(files, compression=zipfile.ZIP_STORED),
    "lzma.zip": lambda files: zipped(files, compression=zipfile.ZIP_LZMA),
    "a.tar": lambda files: tarred(files),
    "a.tar.gz": lambda files: tarred(files, "w:gz"),
    "a.tar.bz2": lambda files: tarred(files, "w:bz2"),
    "a.tar.xz": lambda files: tarred(files, "w:xz"),
}


@pytest.mark.parametrize("name", PACKERS)
def test_every_member_of_every_kind_of_archive_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(PACKERS[name](FILES))

    found, problems, _ = scanned(path)

    assert found == {f"!/{name}": data for name, data in FILES.items()}
    assert problems == []


@pytest.mark.parametrize("name", PACKERS)
def test_the_name_of_an_archive_does_not_matter(tmp_path: Path, name: str) -> None:
    path = tmp_path / "data.bin"
    path.write_bytes(PACKERS[name](FILES))

    assert len(scanned(path)[0]) == 3


def test_a_member_says_which_archive_it_is_from(tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    dump.mkdir()
    (dump / "x.zip").write_bytes(zipped({"inner/a.txt": b"words"}))

    with scan([dump]) as items:
        (source,) = items

    assert source.path.source == "dump/x.zip!/inner/a.txt"
    assert source.path.identity == f"{dump}/x.zip!/inner/a.txt"
    assert source.size_bytes == 5


def test_archives_within_archives_are_read_to_a_bounded_depth(tmp_path: Path) -> None:
    inner = zipped({"c.txt": b"deep"})
    middle = tarred({"inner.zip": inner, "b.txt": b"middle"}, "w:gz")
    path = tmp_path / "outer.zip"
    path.write_bytes(zipped({"middle.tgz": middle, "a.txt": b"top"}))

    found, problems, _ = scanned(path)
    assert found == {
        "!/a.txt": b"top",
        "!/middle.tgz!/b.txt": b"middle",
        "!/middle.tgz!/inner.zip!/c.txt": b"deep",
    }
    assert problems == []

    found, problems, last = scanned(path, Limits(nesting=1))
    assert found == {"!/a.txt": b"top", "!/middle.tgz!/b.txt": b"middle"}
    assert "archive inside 2 others, the limit is 1" in problems[0].message
    assert not last.coverage.proves_gone(set(ancestors(f"{path}!/middle.tgz!/inner.zip!/c.txt")))


def _read_in_child(source: Source) -> bytes:
    return source.read()


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_a_member_can_be_read_in_another_process(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(PACKERS[name](FILES))

    with scan([path]) as items, multiprocessing.get_context("spawn").Pool(1) as pool:
        read = {item.member: pool.apply(_read_in_child, (item,)) for item in items}

    assert read == FILES


@pytest.mark.parametrize("name", PACKERS)
def test_a_member_can_still_be_read_when_the_scan_is_over(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(PACKERS[name](FILES))
    with scan([path]) as items:
        sources = list(items)
    ingest.archives.spool._opened.cache_clear()

    assert {item.member: pickle.loads(pickle.dumps(item)).read() for item in sources} == FILES


def test_the_unpacked_copy_is_removed_with_the_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "spool"))
    (tmp_path / "spool").mkdir()
    path = tmp_path / "a.tar.gz"
    path.write_bytes(tarred(FILES, "w:gz"))

    with scan([path]) as items:
        list(items)
        assert len(list((tmp_path / "spool").glob("ingest-*/*"))) == 1

    assert list((tmp_path / "spool").iterdir()) == []


def test_a_compressed_tar_is_decompressed_once_however_many_members_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.tar.gz"
    path.write_bytes(tarred({f"{i}.txt": os.urandom(2000) for i in range(300)}, "w:gz"))
    read_bytes = 0
    real_read = gzip.GzipFile.read

    def counting(self: gzip.GzipFile, size: int | None = -1) -> bytes:
        nonlocal read_bytes
        data = real_read(self, size)
        read_bytes += len(data)
        return data

    monkeypatch.setattr(gzip.GzipFile, "read", counting)
    found, _, _ = scanned(path)

    assert len(found) == 300
    assert read_bytes < 2 * 300 * 2560


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_names_that_point_outside_stay_inside(tmp_path: Path, pack: object) -> None:
    path = tmp_path / "evil"
    names = ["../../up.txt", "/etc/abs.txt", "C:\\win\\drive.txt", "./dot/./x.txt", "a/../../b.txt"]
    path.write_bytes(pack(dict.fromkeys(names, b"x")))  # type: ignore[operator]

    found, problems, _ = scanned(path)

    assert set(found) == {"!/up.txt", "!/etc/abs.txt", "!/win/drive.txt", "!/dot/x.txt", "!/a/b.txt"}
    assert problems == []
    assert [item.name for item in tmp_path.iterdir()] == ["evil"]


def test_links_in_archives_are_not_followed_but_counted(tmp_path: Path) -> None:
    path = tmp_path / "links.tar"
    with tarfile.open(path, "w") as archive:
        for kind, name in ((tarfile.SYMTYPE, "soft"), (tarfile.LNKTYPE, "hard"), (tarfile.FIFOTYPE, "pipe")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    linked = tmp_path / "links.zip"
    with zipfile.ZipFile(linked, "w") as packed:
        entry = zipfile.ZipInfo("soft.txt")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(entry, "/etc/passwd")

    for archive_path, n_links in ((path, 2), (linked, 1)):
        found, problems, last = scanned(archive_path)
        assert found == {}
        assert problems == []
        assert last.skipped["link in an archive"].count == n_links


def test_a_zip_bomb_is_named_by_its_numbers(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    path.write_bytes(zipped({"zeros.txt": bytes(2_000_000)}))

    found, (problem,), last = scanned(path, Limits(ratio_from_bytes=1_000_000))

    assert found == {}
    assert "2,000,000 bytes, more than 200 : 1" in problem.message
    assert not problem.transient
    assert not last.coverage.proves_gone(set(ancestors(f"{path}!/zeros.txt")))


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
def test_a_tar_bomb_stops_while_it_is_unpacked(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "bomb.tar"
    path.write_bytes(tarred({"zeros.txt": bytes(8_000_000)}, mode))

    _, (problem,), _ = scanned(path, Limits(ratio_from_bytes=1_000_000))
    assert "more than 200 : 1" in problem.message
    _, (problem,), _ = scanned(path, Limits(archive_bytes=3_000_000))
    assert "the limit is 3,000,000" in problem.message


def test_nesting_does_not_multiply_the_limits(tmp_path: Path) -> None:
    """Each inner archive is within the limit, all of them together are not."""
    path = tmp_path / "many.zip"
    path.write_bytes(zipped({f"{i}.zip": zipped({"x.bin": os.urandom(100_000)}) for i in range(10)}))

    found, problems, _ = scanned(path, Limits(archive_bytes=1_200_000, ratio_from_bytes=10**9))
    assert len(found) == 10
    assert problems == []

    found, problems, _ = scanned(path, Limits(archive_bytes=1_050_000, members=15))
    assert len(found) < 10
    assert problems


def test_limits_on_members_and_on_one_member(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(FILES))

    _, (problem,), _ = scanned(path, Limits(members=2))
    assert "over 2 members" in problem.message

    found, (problem,), _ = scanned(path, Limits(file_bytes=5))
    assert list(found) == ["!/a.txt", "!/in/deep/c.txt"]
    assert problem.path.identity == f"{path}!/in/b.txt"
    assert "6 bytes, the limit for a document is 5" in problem.message


def test_a_forged_list_of_members_is_refused_before_it_is_read(tmp_path: Path) -> None:
    data = bytearray(zipped(FILES))
    at = data.rfind(b"PK\5\6")
    struct.pack_into("<I", data, at + 12, 500_000_000)
    path = tmp_path / "forged.zip"
    path.write_bytes(data)

    _, (problem,), _ = scanned(path)

    assert "list of members has 500,000,000 bytes" in problem.message


def test_an_encrypted_member_says_what_to_do_and_the_others_are_read(tmp_path: Path) -> None:
    data = bytearray(zipped({"open.txt": b"words", "secret.txt": b"hidden"}))
    for signature, flags_at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.rfind(signature)  # of the second member
        data[at + flags_at] |= 1
    path = tmp_path / "a.zip"
    path.write_bytes(data)

    found, (problem,), _ = scanned(path)

    assert found == {"!/open.txt": b"words"}
    assert problem.path.identity == f"{path}!/secret.txt"
    assert "encrypted: unpack it with its password" in problem.message


@pytest.mark.parametrize("name", PACKERS)
def test_a_cut_archive_is_a_problem_and_proves_nothing_gone(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    data = PACKERS[name]({f"{i}.txt": os.urandom(3000) for i in range(20)})
    path.write_bytes(data[: len(data) // 2])

    found, problems, last = scanned(path)

    assert len(found) < 20
    assert [problem.path.identity for problem in problems] == [str(path)]
    assert not last.coverage.proves_gone(set(ancestors(f"{path}!/19.txt")))


@pytest.mark.parametrize("data", [b"", b"<html>404 not found</html>"])
def test_a_file_that_was_an_archive_proves_nothing_about_its_members(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data)

    *_, last = scanned(path)

    assert not last.coverage.proves_gone(set(ancestors(f"{path}!/a.txt")))


def test_rubbish_in_the_middle_of_a_tar_is_not_taken_for_its_end(tmp_path: Path) -> None:
    data = bytearray(tarred({f"{i}.txt": b"x" * 600 for i in range(10)}))
    data[1536 * 4 : 1536 * 4 + 512] = b"!" * 512
    path = tmp_path / "a.tar"
    path.write_bytes(data)

    found, (problem,), _ = scanned(path)

    assert sorted(found) == ["!/0.txt", "!/1.txt", "!/2.txt", "!/3.txt"]
    assert "no member where one should begin, at byte 6,144" in problem.message


def test_a_damaged_member_fails_alone(tmp_path: Path) -> None:
    data = bytearray(zipped({"good.txt": b"good", "bad.txt": b"B" * 300_000 + os.urandom(50)}, compression=0))
    at = data.find(b"BBBB")
    data[at + 290_000] ^= 0xFF  # beyond what a stream reads ahead: 128 KiB from Python 3.14 on
    path = tmp_path / "a.zip"
    path.write_bytes(data)

    with scan([path]) as items:
        bad, good = items

    assert good.read() == b"good"
    with pytest.raises(DocumentError, match="cannot be read from its archive"):
        bad.read()


def test_zip_names_in_utf8_without_the_flag_and_in_dos_code_pages(tmp_path: Path) -> None:
    def renamed(new: bytes) -> bytes:
        return zipped({"X" * len(new): b"x"}).replace(b"X" * len(new), new)

    for raw, name in (("žluť.txt".encode(), "žluť.txt"), ("Größe.txt".encode("cp437"), "Größe.txt")):
        path = tmp_path / "a.zip"
        path.write_bytes(renamed(raw))
        assert list(scanned(path)[0]) == [f"!/{name}"]


def test_tar_names_that_are_no_utf8_are_shown_as_escapes_and_read(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(tarred({"n\udce9.txt": b"x"}))

    found, problems, _ = scanned(path)

    assert found == {"!/n\\xe9.txt": b"x"}
    assert problems == []


def test_of_two_members_of_one_name_the_last_counts_as_when_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for data in (b"old", b"newer"):
            info = tarfile.TarInfo("a.txt")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    path.write_bytes(out.getvalue())

    found, _, last = scanned(path)

    assert found == {"!/a.txt": b"newer"}
    assert last.skipped["member that a later one of the same name replaces"].count == 1


def test_office_documents_are_no_folders_and_lone_compressed_files_are_their_only_member(tmp_path: Path) -> None:
    (tmp_path / "report.docx").write_bytes(zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<w/>"}))
    (tmp_path / "notes.txt.gz").write_bytes(gzip.compress(b"only text"))

    found, problems, _ = scanned(tmp_path)

    assert sorted(found) == ["/notes.txt.gz!/notes.txt", "/report.docx"]
    assert problems == []


def test_hidden_and_empty_members_are_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"__MACOSX/._a.txt": b"x", "b/.DS_Store": b"x", "empty.txt": b"", "a.txt": b"x"}))

    found, _, last = scanned(path)

    assert list(found) == ["!/a.txt"]
    assert {reason: tally.count for reason, tally in last.skipped.items()} == {"hidden": 2, "empty": 1}


def test_a_link_inside_an_archive_finds_members_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "outside.png").write_bytes(b"outside")
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"doc/page.md": b"![](../img/a b.png)", "img/a b.png": b"inside"}))
    with scan([path]) as items:
        page = next(item for item in items if item.member == "doc/page.md")

    found = page.resolve("../img/a%20b.png?raw=1#top")

    assert found is not None
    assert (found.data, found.path) == (b"inside", f"{path}!/img/a b.png")
    for reference in ("../../outside.png", f"{tmp_path}/outside.png", "missing.png", "http://x/img/a.png", "", ".."):
        assert page.resolve(reference) is None


def test_a_mailbox_is_an_archive_of_messages_that_keep_their_names(tmp_path: Path) -> None:
    def one(number: int) -> bytes:
        head = f"Message-ID: <{number}@x>\nSubject: Weir {number}: a/b\nDate: Tue, 05 Mar 2024 10:00:00 +0000\n"
        return f"From a@x.org Tue Mar  5 10:00:00 2024\n{head}\nBody {number}\n\n".encode()

    (tmp_path / "box.mbox").write_bytes(one(1) + one(2) + one(3))
    found, problems, _ = scanned(tmp_path)
    assert problems == []
    assert [data.split(b"\n\n")[1] for data in found.values()] == [b"Body 1", b"Body 2", b"Body 3"]
    assert all(name.startswith("/box.mbox!/2024-03-05 Weir ") and name.endswith(".eml") for name in found)

    (tmp_path / "box.mbox").write_bytes(one(0) + one(2) + one(3))
    later, _, _ = scanned(tmp_path)
    assert len(found.keys() & later.keys()) == 2


@pytest.mark.parametrize(("kind", "filter_", "name"), [("7zip", None, "a.7z"), ("gnutar", "zstd", "a.tar.zst")])
def test_archives_of_other_programs_are_opened_by_libarchive(
    tmp_path: Path, kind: str, filter_: str | None, name: str
) -> None:
    try:
        import libarchive
    except (ImportError, OSError, AttributeError, TypeError) as error:  # as `ingest.archives.repack` takes it
        pytest.skip(f"the system has no libarchive: {error}")
    (tmp_path / "inner.txt").write_text("words")
    with contextlib.chdir(tmp_path), libarchive.file_writer(name, kind, filter_) as archive:
        archive.add_files("inner.txt")
    (tmp_path / "inner.txt").unlink()
    found, problems, _ = scanned(tmp_path)
    assert (found, problems) == ({f"/{name}!/inner.txt": b"words"}, [])


def test_a_damaged_archive_of_another_program_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.7z").write_bytes(b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(100))
    found, problems, _ = scanned(tmp_path)
    assert found == {}
    assert "unpack it" in problems[0].message
