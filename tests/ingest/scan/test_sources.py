"""The scan: everything once, in one order, and what cannot be read is named and proves nothing."""

from __future__ import annotations

import json
import os
import pickle
import socket
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from ingest.archives.containers import Limits
from ingest.catalog.listing import Tally
from ingest.paths import ancestors
from ingest.scan.sources import Coverage, Given, Problem, Source, scan
from rag.errors import DocumentError, TransientError


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"this is {name}")
    return folder


class Listed(NamedTuple):
    """A scan that is over."""

    sources: list[Source]
    problems: list[Problem]
    coverage: Coverage
    skipped: dict[str, Tally]


def run(*paths: Path | str, roots: tuple[str, ...] = (), limits: Limits | None = None) -> Listed:
    with scan(paths, roots=roots, limits=limits) as listed:
        return Listed(list(listed), listed.problems, listed.coverage, listed.skipped)


def sources(listed: Listed) -> list[str]:
    return [source.path.source for source in listed.sources]


def skipped(listed: Listed) -> dict[str, list[str]]:
    return {reason: tally.examples for reason, tally in listed.skipped.items()}


def gone(listed: Listed, path: str) -> bool:
    return listed.coverage.proves_gone(set(ancestors(path)))


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    return fill(tmp_path / "dump", "b.txt", "a/z.txt", "a/b/c.txt", "a-b.txt", "c.txt")


def test_everything_comes_once_and_sorted(dump: Path) -> None:
    items = run(dump)

    assert sources(items) == ["dump/a-b.txt", "dump/a/b/c.txt", "dump/a/z.txt", "dump/b.txt", "dump/c.txt"]
    assert sources(run(dump)) == sources(items)


def test_a_source_reads_itself_and_survives_pickling(dump: Path) -> None:
    source = run(dump / "a").sources[0]

    again = pickle.loads(pickle.dumps(source))

    assert again == source
    assert again.read() == b"this is a/b/c.txt"
    assert (again.path.identity, again.path.root, again.size_bytes) == (str(dump / "a/b/c.txt"), str(dump / "a"), 17)
    assert again.given == Given()


def test_paths_given_twice_or_within_each_other_are_scanned_once(dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(dump)
    once = sources(run(dump))

    assert sources(run(dump, dump, f"{dump}/", dump / "a", dump / "a/../a/z.txt", ".")) == once
    assert sources(run(dump / "a", dump)) == once


def test_the_same_folder_through_a_link_is_scanned_once(dump: Path) -> None:
    link = dump.parent / "link"
    link.symlink_to(dump)

    items = run(link, dump)
    assert len(sources(items)) == 5
    assert len(items.coverage.given) == 1
    assert sources(run(link))[0] == "link/a-b.txt"


def test_a_file_given_by_itself_is_named_by_itself_and_brings_no_neighbours(dump: Path) -> None:
    items = run(dump / "a/z.txt")

    assert sources(items) == ["z.txt"]
    assert items.coverage.given == {str(dump / "a/z.txt")}


def test_a_path_in_a_known_root_keeps_its_name(dump: Path) -> None:
    assert sources(run(dump / "a", roots=(str(dump),))) == ["dump/a/b/c.txt", "dump/a/z.txt"]
    assert sources(run(dump / "a/z.txt", roots=(str(dump),))) == ["dump/a/z.txt"]
    assert sources(run(dump / "a", roots=(str(dump), str(dump / "a")))) == ["a/b/c.txt", "a/z.txt"]
    assert sources(run(dump.parent, roots=(str(dump),)))[0] == "dump/a-b.txt"
    assert sources(run(dump.parent))[0] == f"{dump.parent.name}/dump/a-b.txt"


def test_a_lone_file_does_not_make_its_folder_a_root(dump: Path) -> None:
    (lone,) = run(dump / "b.txt").sources

    assert sources(run(dump / "a", roots=(lone.path.root,))) == ["a/b/c.txt", "a/z.txt"]
    assert "b.txt" in sources(run(dump, roots=(lone.path.root,)))


def test_a_path_that_does_not_exist_is_a_problem_and_proves_nothing(dump: Path) -> None:
    items = run(dump / "gone", dump / "a")

    assert [problem.path.identity for problem in items.problems] == [str(dump / "gone")]
    assert "does not exist" in items.problems[0].message
    assert len(sources(items)) == 2
    assert not gone(items, str(dump / "gone/x.txt"))


def test_what_is_gone_is_proved_only_below_the_given_paths(dump: Path) -> None:
    items = run(dump / "a")

    assert gone(items, str(dump / "a/old.txt"))
    assert gone(items, str(dump / "a/old.zip!/x.txt"))
    assert not gone(items, str(dump / "old.txt"))
    assert not gone(items, str(dump / "a2/old.txt"))


def test_an_empty_folder_proves_nothing_because_an_unmounted_disk_looks_like_one(tmp_path: Path) -> None:
    items = run(tmp_path)

    assert not gone(items, str(tmp_path / "x.txt"))
    assert list(skipped(items)) == ["empty folder (nothing below it is taken for removed)"]


def unreadable(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuses one path as a permission would, for a superuser too."""
    real_scandir, real_open = os.scandir, Path.open

    def scandir(folder: str) -> object:
        if str(folder) == str(path):
            raise PermissionError(13, "Permission denied")
        return real_scandir(folder)

    def opened(self: Path, *args: object, **options: object) -> object:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return real_open(self, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr("os.scandir", scandir)
    monkeypatch.setattr(Path, "open", opened)


@pytest.mark.parametrize("name", ["a", "b.txt"])
def test_what_cannot_be_read_is_a_passing_problem_and_proves_nothing(
    dump: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    unreadable(dump / name, monkeypatch)

    items = run(dump)

    (problem,) = items.problems
    assert (problem.path.identity, problem.path.source, problem.transient) == (str(dump / name), f"dump/{name}", True)
    assert "Permission denied" in problem.message
    assert len(sources(items)) == {"a": 3, "b.txt": 4}[name]
    assert not gone(items, str(dump / name / "x.txt"))
    assert gone(items, str(dump / "gone.txt"))


def test_a_problem_outside_the_given_part_of_a_known_root_is_not_this_scans_business(
    dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unreadable(dump / "b.txt", monkeypatch)

    assert run(dump / "a", roots=(str(dump),)).problems == []


def test_links_to_files_inside_are_followed_and_all_others_are_left_out_visibly(dump: Path) -> None:
    fill(dump.parent / "outside", "secret.txt")
    for name, target in {
        "good": dump / "b.txt",
        "out": dump.parent / "outside/secret.txt",
        "dir": dump / "a",
        "dirout": dump.parent / "outside",
        "nowhere": dump / "missing",
        "loop": dump / "loop",
    }.items():
        (dump / f"link-{name}").symlink_to(target)
    (dump / "a/up").symlink_to(dump)

    items = run(dump)

    assert [source for source in sources(items) if "link" in source] == ["dump/link-good"]
    assert skipped(items) == {
        "link that leads out of the folder": ["dump/link-dirout", "dump/link-out"],
        "link to a folder (its files are read where they lie)": ["dump/link-dir", "dump/a/up"],
        "link that leads nowhere": ["dump/link-loop", "dump/link-nowhere"],
    }
    assert items.problems == []


def test_pipes_and_sockets_are_left_out_and_never_opened(dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(dump / "pipe")
    monkeypatch.chdir(dump)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        items = run(dump)

        assert len(sources(items)) == 5
        assert skipped(items) == {"pipe, socket or device": ["dump/pipe", "dump/socket"]}
    assert "neither a file nor a folder" in run(dump / "pipe").problems[0].message


def test_hidden_and_empty_files_are_left_out_and_counted(dump: Path) -> None:
    fill(dump, ".git/config", ".DS_Store", "Thumbs.db", "__MACOSX/x.txt", "~$b.docx")
    (dump / "empty.txt").touch()

    items = run(dump)

    assert len(sources(items)) == 5
    assert {reason: len(names) for reason, names in skipped(items).items()} == {"hidden": 5, "empty": 1}
    assert sources(run(dump / ".git")) == [".git/config"]


def test_a_file_over_the_limit_is_named_with_both_numbers(dump: Path) -> None:
    (dump / "big.txt").write_bytes(bytes(2000))

    (problem,) = run(dump, limits=Limits(file_bytes=1999)).problems

    assert problem.path.source == "dump/big.txt"
    assert "2,000 bytes, the limit for a document is 1,999" in problem.message
    assert not problem.transient


def test_a_file_that_grows_or_goes_after_the_listing_fails_by_itself(dump: Path) -> None:
    items = run(dump, limits=Limits(file_bytes=100))
    grown, lost, *_ = items.sources
    Path(grown.path.raw).write_bytes(bytes(101))
    Path(lost.path.raw).unlink()

    with pytest.raises(DocumentError, match="over 100 bytes"):
        grown.read()
    with pytest.raises(TransientError, match="gone since"):
        lost.read()


def test_a_name_that_is_no_utf8_is_kept_as_escapes_and_found_again(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "dump") + b"-\xff"
    Path(os.fsdecode(folder)).mkdir()
    Path(os.fsdecode(folder + b"/caf\xe9.txt")).write_text("words")

    (source,) = run(os.fsdecode(folder)).sources

    assert source.path.source == "dump-\\xff/caf\\xe9.txt"
    assert source.path.identity == f"{tmp_path}/dump-\\xff/caf\\xe9.txt"
    assert source.read() == b"words"
    json.dumps([source.path.identity, source.path.source, source.path.root]).encode("utf-8")
    (again,) = run(source.path.identity, roots=(source.path.root,)).sources
    assert again == source


def test_a_name_that_would_command_a_terminal_is_shown_as_escapes(tmp_path: Path) -> None:
    fill(tmp_path / "dump", "\x1b[31mred\n.txt", "right\u202eleft.txt")

    items = run(tmp_path / "dump")

    assert sources(items) == ["dump/\\x1b[31mred\\x0a.txt", "dump/right\\u202eleft.txt"]
    assert all(source.read() for source in items.sources)


def test_a_member_can_be_given_by_its_path(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("in/a.txt", "A")
        archive.writestr("in/b.txt", "B")
        archive.writestr("c.txt", "C")

    assert sources(run(f"{tmp_path}/x.zip!/in/a.txt")) == ["x.zip!/in/a.txt"]
    items = run(f"{tmp_path}/x.zip!/in")
    assert sources(items) == ["x.zip!/in/a.txt", "x.zip!/in/b.txt"]
    assert gone(items, f"{tmp_path}/x.zip!/in/old.txt")
    assert not gone(items, f"{tmp_path}/x.zip!/old.txt")


def test_a_folder_named_like_an_archive_is_a_folder(tmp_path: Path) -> None:
    fill(tmp_path / "dump", "x.zip!/a.txt", "y.zip/b.txt")

    assert sources(run(tmp_path / "dump")) == ["dump/x.zip!/a.txt", "dump/y.zip/b.txt"]
    assert sources(run(tmp_path / "dump/x.zip!/a.txt")) == ["a.txt"]


def page(dump: Path) -> Source:
    return next(source for source in run(dump).sources if source.path.source == "dump/a/z.txt")


@pytest.mark.parametrize(
    "reference", ["b/c.txt", "./b/c.txt", "../a/b/c.txt", "b\\c.txt", "b/%63.txt", "b/c.txt?x=1#y"]
)
def test_a_link_inside_the_dump_is_resolved(dump: Path, reference: str) -> None:
    found = page(dump).resolve(reference)

    assert found is not None
    assert (found.data, found.path) == (b"this is a/b/c.txt", str(dump / "a/b/c.txt"))


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "missing.png",
        "../../outside.txt",
        "..%2f..%2foutside.txt",
        "../link",
        "../linkdir/outside.txt",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://127.0.0.1/x.png",
        "//127.0.0.1/x.png",
        "data:text/plain,x",
        "C:\\x.png",
        "..",
        ".",
        "b",
        "b/c.txt\0.png",
        "\ud800.png",
        "x" * 5000,
        "../pipe",
    ],
)
def test_a_link_that_leads_out_or_nowhere_is_not_resolved(dump: Path, reference: str) -> None:
    fill(dump.parent, "outside.txt")
    source = page(dump)
    (dump / "link").symlink_to(dump.parent / "outside.txt")
    (dump / "linkdir").symlink_to(dump.parent)
    os.mkfifo(dump / "pipe")

    assert source.resolve(reference) is None


def test_a_page_given_by_itself_resolves_beside_it_and_not_above(dump: Path) -> None:
    (source,) = run(dump / "a/z.txt").sources

    assert source.resolve("b/c.txt") is not None
    assert source.resolve("../b.txt") is None


def test_an_unfinished_scan_can_be_closed_and_its_sources_still_read(dump: Path) -> None:
    listed = scan([dump])
    first = next(iter(listed))
    listed.close()
    listed.close()

    assert first.read() == b"this is a-b.txt"


def test_a_file_that_no_file_system_holds_is_called_by_the_name_it_had(tmp_path: Path) -> None:
    top = fill(tmp_path / "dump", "cut~1.png", "captions.csv")
    (top / "captions.csv").write_text("image,caption\n图片.png,A red valve\n")
    with zipfile.ZipFile(top / "cut~2.zip", "w") as archive:
        archive.writestr("in.txt", "inside")
    names = {f"{top}/cut~1.png": f"{top}/图片.png", f"{top}/cut~2.zip": f"{top}/a:b\u200f.zip"}
    with scan([top], names=names) as listed:
        found = {source.path.source: source for source in listed}
        assert listed.captions.tables[0].n_joined == 1
        assert listed.captions.guessed_names.count == 0
    assert list(found) == ["dump/图片.png", "dump/a:b\\u200f.zip!/in.txt"]
    assert found["dump/图片.png"].path.identity == f"{top}/cut~1.png"
    assert found["dump/a:b\\u200f.zip!/in.txt"].read() == b"inside"
