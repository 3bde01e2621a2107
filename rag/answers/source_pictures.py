"""Pictures of sources on their way to a model."""

from __future__ import annotations

from collections.abc import Callable

from rag.errors import RagError
from rag.text.labels import citation_label
from rag.trace import Trace
from rag.types import Hit


class SourcePictures:
    """The picture of a hit, ready for the model; each picture once, and a broken one is a note."""

    def __init__(
        self, asset: Callable[[str], bytes] | None, encode: Callable[[bytes], bytes] | None, trace: Trace
    ) -> None:
        self._asset, self._encode, self._trace = asset, encode, trace
        self._seen: set[str] = set()

    def __call__(self, hit: Hit) -> bytes | None:
        name = str(hit.record.metadata.get("asset") or "")
        if not name or name in self._seen or self._asset is None:
            return None
        self._seen.add(name)
        try:
            data = self._asset(name)
            return self._encode(data) if self._encode else data
        except RagError as error:
            text = f"the picture of {citation_label(hit.record)} could not be shown to the model: {error}"
            self._trace.note("picture_not_shown", text)
            return None
