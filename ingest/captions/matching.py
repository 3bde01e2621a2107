"""Which picture of the dump a name in a caption table means."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote, urlsplit

from ingest.captions.csv_rows import PICTURE_NAME
from ingest.catalog.catalog import Candidate, Catalog
from ingest.paths import MEMBER, DumpPath, compare_key

_MOST_CHARS = 1000


class Matcher:
    """Looks for pictures on behalf of one table.

    Args:
        catalog: of the scan.
        table: the table's path; one in an archive only sees that archive.
    """

    def __init__(self, catalog: Catalog, table: DumpPath) -> None:
        self._catalog = catalog
        self._folder = posixpath.dirname(table.meant)
        # With its trailing separator, so that no neighbour whose name only begins alike is in scope.
        self._scope = table.archive or table.folder_root.rstrip("/") + "/"

    def find(self, name: str) -> list[Candidate]:
        """The pictures a name may mean: none, one, or several where nothing tells them apart.

        First as a path from the table's folder, then from the root, then by file name, then without extension.
        """
        for spelling in _spellings(name):
            if found := self._find(spelling):
                return found
        return []

    def _find(self, name: str) -> list[Candidate]:
        base_name = posixpath.basename(name)
        found = self._catalog.pictures_named(base_name, self._scope)
        if not found:
            stem = PICTURE_NAME.sub("", base_name)
            return self._nearest(self._catalog.pictures_with_stem(stem, self._scope), name)
        for base in (self._folder, self._scope):
            path = posixpath.normpath(posixpath.join(base, name.lstrip("/")))
            if path.startswith(self._scope) and (exact := self._catalog.pictures_at(path)):
                return [one for one in exact if one.path == path] or exact
        return self._nearest(found, name)

    def _nearest(self, found: list[Candidate], name: str) -> list[Candidate]:
        """Of several, those with more of the path, in the table's own folder, and not hidden in archives."""
        tail, below = "/" + compare_key(name), compare_key(self._folder).rstrip("/") + "/"
        depth = self._scope.count(MEMBER)
        tests: tuple[Callable[[Candidate], bool], ...] = (
            lambda one: one.key.endswith(tail),
            lambda one: one.key.startswith(below),
            lambda one: one.key.count(MEMBER) == depth,
        )
        for keep in tests:
            if len(found) > 1:
                found = [one for one in found if keep(one)] or found
        return found


def _spellings(name: str) -> Iterator[str]:
    """The name as it is written, then as addresses and pages write it: `old%20mill.jpg`, `a&amp;b.jpg`, `a.jpg?w=9`."""
    written = _cleaned(name)
    if not written or len(written) > _MOST_CHARS:
        return
    plain = re.split(r"[?#]", written, maxsplit=1)[0]
    seen = dict.fromkeys(
        (written, unquote(written), html.unescape(written), unquote(plain), unquote(plain).replace("+", " "))
    )
    yield from (spelling for spelling in seen if posixpath.basename(spelling))


def _cleaned(name: str) -> str:
    """A path out of a cell: URLs and Windows paths too, and Flickr's `a.jpg#0` for the first caption of `a.jpg`."""
    name = name.strip().strip("\"'")
    if "://" in name:
        try:
            return unquote(urlsplit(name).path).lstrip("/")
        except ValueError:
            return ""
    if PICTURE_NAME.search(name):
        name = name.partition("#")[0] if re.search(r"#\d+$", name) else name
    return re.sub(r"^[A-Za-z]:", "", name.replace("\\", "/")).replace("\0", "")
