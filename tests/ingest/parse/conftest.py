"""What the parser tests share: a dump in memory and a shorthand for what was parsed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from ingest.parse import parse
from ingest.parse.elements import DocumentInfo, Element, ImageElement, Resolved, TextElement, Warned


@dataclass
class Parsed:
    """Elements by kind."""

    elements: list[Element] = field(default_factory=list)

    @property
    def info(self) -> DocumentInfo:
        return next(e for e in self.elements if isinstance(e, DocumentInfo))

    @property
    def texts(self) -> list[str]:
        return [e.text for e in self.elements if isinstance(e, TextElement)]

    @property
    def images(self) -> list[ImageElement]:
        return [e for e in self.elements if isinstance(e, ImageElement)]

    @property
    def image(self) -> ImageElement:
        (only,) = self.images
        return only

    @property
    def warnings(self) -> list[str]:
        return [e.message for e in self.elements if isinstance(e, Warned)]

    @property
    def sections(self) -> list[tuple[tuple[str, ...], str]]:
        return [(e.heading_path, e.text) for e in self.elements if isinstance(e, TextElement)]

    def words(self, origin: str) -> list[str]:
        return [said.text for image in self.images for said in image.texts if said.origin == origin]


Read = Callable[..., Parsed]


@pytest.fixture
def read() -> Read:
    """`read(data, name, files={link: bytes})`: parses, with a dump that has only those files."""

    def run(data: bytes | str, name: str, files: dict[str, bytes] | None = None) -> Parsed:
        def resolve(ref: str) -> Resolved | None:
            found = (files or {}).get(ref)
            return None if found is None else Resolved(found, f"/dump/{ref}")

        return Parsed(list(parse(data.encode() if isinstance(data, str) else data, name, resolve=resolve)))

    return run
