"""A path of a dump is made once, with all its names."""

from __future__ import annotations

import os

from ingest.paths import DumpPath


def test_a_path_is_named_by_the_innermost_root_above_it() -> None:
    path = DumpPath.below({"/data", "/data/dump"}, "/data/dump/a/b.txt")

    assert (path.source, path.root) == ("dump/a/b.txt", "/data/dump")
    assert path.ancestors == ("/data/dump/a/b.txt", "/data/dump/a", "/data/dump", "/data", "/")


def test_a_path_below_no_root_is_named_by_its_own_folder() -> None:
    path = DumpPath.below(set(), "/data/dump/b.txt")

    assert (path.source, path.root) == ("dump/b.txt", "/data/dump")


def test_a_file_given_by_itself_is_its_own_root_and_looks_for_links_in_its_folder() -> None:
    path = DumpPath.below({"/data/b.txt"}, "/data/b.txt")

    assert (path.source, path.root, path.folder_root) == ("b.txt", "/data/b.txt", "/data")


def test_a_member_lies_in_its_archive_and_in_the_archive_around_that() -> None:
    path = DumpPath.below({"/data"}, "/data/a.zip!/b.zip!/c.txt")

    assert path.archive == "/data/a.zip!/b.zip!/"
    assert {"/data/a.zip", "/data/a.zip!/b.zip"} < set(path.ancestors)


def test_a_byte_that_is_no_utf8_is_kept_in_raw_and_escaped_everywhere_else() -> None:
    path = DumpPath.below({"/data"}, os.fsdecode(b"/data/caf\xe9.txt"))

    assert os.fsencode(path.raw) == b"/data/caf\xe9.txt"
    assert (path.identity, path.meant, path.source) == ("/data/caf\\xe9.txt", "/data/caf\\xe9.txt", "data/caf\\xe9.txt")


def test_people_see_the_letters_that_were_meant() -> None:
    path = DumpPath.below({"/data"}, "/data/a.zip!/caf\u201a.txt", "/data/a.zip!/caf\u00e9.txt")

    assert path.source == "data/a.zip!/caf\u00e9.txt"
    assert path.identity == "/data/a.zip!/caf\u201a.txt"
