"""What is asked, as one value: made once at the door, checked there, and handed down."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ConfigError, ImageError
from rag.ports import Sampling
from rag.types import Query, Turn

MAX_IMAGE_BYTES = 100 * 1024**2
_SURROGATES = re.compile("[\ud800-\udfff]")
"""What Python makes of an argument that is not UTF-8; no tokenizer takes it."""


@dataclass(frozen=True, slots=True)
class GivenText:
    """A text that comes with a question, to answer from beside what is found: a file that was attached to a chat.

    Attributes:
        name: what it is called, for people.
        text: its words.
        number: by which the asker's own program shows it; no other source gets that.
    """

    name: str
    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question to a knowledge base.

    Attributes:
        text: words; empty where only a picture is given.
        image: the picture's encoded bytes.
        where: a filter, such as `year >= 2020`.
        top_k: hits or sources at most, at least 1.
        history: earlier turns, oldest first.
        sampling: how the model chooses its words; None: as the settings say.
        given: texts to answer from, too, those of earlier turns first.
        wishes: for language, length, tone and form of the answer, in words; they count below our own instructions.

    Raises:
        ConfigError: neither words nor picture, or `top_k` below 1.
        ImageError: the picture is too large.
    """

    text: str = ""
    image: bytes | None = None
    where: str = ""
    top_k: int = 8
    history: tuple[Turn, ...] = ()
    sampling: Sampling | None = None
    given: tuple[GivenText, ...] = ()
    wishes: str = ""

    def __post_init__(self) -> None:
        if not self.text.strip() and self.image is None:
            raise ConfigError("nothing is asked: give words, a picture, or both")
        if self.top_k < 1:
            raise ConfigError(f"top_k is {self.top_k}; it must be at least 1")
        if self.image is not None and len(self.image) > MAX_IMAGE_BYTES:
            raise ImageError(f"the picture has more than {MAX_IMAGE_BYTES // 1024**2} MiB; ask with a smaller one")
        object.__setattr__(self, "text", _SURROGATES.sub("\ufffd", self.text))

    @classmethod
    def of(
        cls,
        asked: str | Question,
        image: str | Path | bytes | None = None,
        where: str = "",
        top_k: int = 8,
        history: Sequence[Turn] = (),
        sampling: Sampling | None = None,
    ) -> Question:
        """From words and what goes with them; a question is returned as it is.

        Args:
            asked: words, or the whole question; then the others have to be left out.
            image: a picture: its path or its encoded bytes.
            where: as the attribute.
            top_k: as the attribute; of a whole question, its own counts.
            history: as the attribute.
            sampling: as the attribute.

        Raises:
            ConfigError: a whole question and more, or as for the class.
            ImageError: the picture cannot be read.
        """
        if not isinstance(asked, Question):
            return cls(asked, _encoded(image), where, top_k, tuple(history), sampling)
        if image is not None or where or history or sampling is not None:
            raise ConfigError(
                "give a Question alone, which has image, where, history and sampling in it, or words with keywords"
            )
        return asked

    def query(self, text: str | None = None, *, recalled: str = "", spoken: str = "") -> Query:
        """What is searched for it.

        Args:
            text: words to search instead of its own.
            recalled, spoken: as in `Query`.
        """
        return Query(self.text if text is None else text, self.image, self.where, self.top_k, recalled, spoken)


def _encoded(image: str | Path | bytes | None) -> bytes | None:
    if image is None or isinstance(image, bytes):
        return image
    name = str(image)
    try:
        with Path(name).expanduser().open("rb") as file:
            return file.read(MAX_IMAGE_BYTES + 1)
    except (OSError, ValueError, RuntimeError) as error:  # a NUL in the name; a '~name' that nobody has
        why = getattr(error, "strerror", None) or error
        raise ImageError(f"the picture '{name}' cannot be read: {why}") from error
