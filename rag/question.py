"""What is asked, as one value: made once at the door, checked there, and handed down."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from rag.errors import ConfigError, ImageError
from rag.ports import Sampling
from rag.types import Query, Turn

if TYPE_CHECKING:
    from PIL.Image import Image

    Picture: TypeAlias = str | Path | bytes | Image
    """Its path, its encoded bytes, or an image of Pillow."""

NOTHING_ASKED = "nothing is asked: give words, a picture, or both"
DEFAULT_TOP_K = 8
MAX_IMAGE_BYTES = 100 * 1024**2
_LEFT_OUT: Mapping[str, str | tuple[()]] = {
    "text": "", "where": "", "history": (), "given": (), "wishes": "", "sort": "", "as_words": (),
}  # fmt: skip
"""What None stands for in these."""
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
        sort: a column that the hits are ordered by, such as `taken_at` or, for the newest first, `-taken_at`.
        understand: whether dates, places and people in the words may become filters; None: as the settings say.
        as_words: parts of the words that may not: those of `Understood.said` which the asker took off.
        arrived_s: when it came, on the clock of `time.monotonic`: where a model has to be waited for, the earliest goes
            first.

    Without words and picture, a filter or an order makes a list: `is_list`.

    Raises:
        ConfigError: nothing of all this, or `top_k` below 1.
        ImageError: the picture is too large.
    """

    text: str = ""
    image: bytes | None = None
    where: str = ""
    top_k: int = DEFAULT_TOP_K
    history: tuple[Turn, ...] = ()
    sampling: Sampling | None = None
    given: tuple[GivenText, ...] = ()
    wishes: str = ""
    sort: str = ""
    understand: bool | None = None
    as_words: tuple[str, ...] = ()
    arrived_s: float = field(default_factory=time.monotonic, compare=False, repr=False)

    def __post_init__(self) -> None:
        for name, left_out in _LEFT_OUT.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, left_out)
        for name in ("text", "where", "sort"):
            if not isinstance(getattr(self, name), str):
                raise ConfigError(f"{name} is {type(getattr(self, name)).__name__}; it has to be text")
        object.__setattr__(self, "top_k", _whole(self.top_k))
        if self.is_list and not (self.where.strip() or self.sort.strip()):
            raise ConfigError(NOTHING_ASKED)
        if self.top_k < 1:
            raise ConfigError(f"top_k is {self.top_k}; it must be at least 1")
        if self.image is not None and len(self.image) > MAX_IMAGE_BYTES:
            raise ImageError(f"the picture has more than {MAX_IMAGE_BYTES // 1024**2} MiB; ask with a smaller one")
        object.__setattr__(self, "text", _SURROGATES.sub("\ufffd", self.text))

    @property
    def is_list(self) -> bool:
        """There is nothing to search for: documents are listed by a filter, in an order."""
        return not self.text.strip() and self.image is None

    @classmethod
    def of(
        cls,
        asked: str | Question,
        image: Picture | None = None,
        where: str | None = "",
        top_k: int | str | None = None,
        history: Sequence[Turn] | None = (),
        sampling: Sampling | None = None,
        sort: str | None = "",
    ) -> Question:
        """From words and what goes with them; a question is returned as it is.

        Args:
            asked: words, or the whole question; then the others have to be left out.
            image: a picture: its path, its encoded bytes, or an image of Pillow.
            where: as the attribute.
            top_k: as the attribute, None: 8; of a whole question, its own counts.
            history: as the attribute.
            sampling: as the attribute.
            sort: as the attribute.

        Raises:
            ConfigError: a whole question and more, or as for the class.
            ImageError: the picture cannot be read.
        """
        if not isinstance(asked, Question):
            n_wanted = DEFAULT_TOP_K if top_k is None else _whole(top_k)
            return cls(asked, _encoded(image), where or "", n_wanted, tuple(history or ()), sampling, sort=sort or "")
        if image is not None or where or history or sampling is not None or sort:
            raise ConfigError(
                "give a Question alone, which has image, where, sort, history and sampling in it, or words and keywords"
            )
        return asked

    def query(self, text: str | None = None, *, recalled: str = "", spoken: str = "") -> Query:
        """What is searched for it.

        Args:
            text: words to search instead of its own.
            recalled, spoken: as in `Query`.
        """
        return Query(
            text=self.text if text is None else text,
            image=self.image,
            where=self.where,
            top_k=self.top_k,
            recalled=recalled,
            spoken=spoken,
            sort=self.sort,
            understand=self.understand,
            as_words=tuple(self.as_words),
        )


def _whole(top_k: object) -> int:
    """Raises ConfigError: it is no whole number."""
    try:
        if isinstance(top_k, str | int) or (isinstance(top_k, float) and top_k.is_integer()):
            return int(top_k)
    except ValueError:
        pass
    raise ConfigError(f"top_k is {top_k!r:.40}; it has to be a whole number")


def _encoded(image: Picture | None) -> bytes | None:
    if image is None or isinstance(image, bytes):
        return image
    if not isinstance(image, str | Path):
        return _saved(image)
    name = str(image)
    try:
        with Path(name).expanduser().open("rb") as file:
            return file.read(MAX_IMAGE_BYTES + 1)
    except (OSError, ValueError, RuntimeError) as error:  # a NUL in the name; a '~name' that nobody has
        why = getattr(error, "strerror", None) or error
        raise ImageError(f"the picture '{name}' cannot be read: {why}") from error


def _saved(image: object) -> bytes:
    """An image of Pillow as PNG. Raises ImageError: it is none."""
    from PIL.Image import Image

    if not isinstance(image, Image):
        raise ImageError(f"the picture is {type(image).__name__}; give its path, its bytes, or an image of Pillow")
    out = io.BytesIO()
    (image if image.mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16") else image.convert("RGB")).save(out, "PNG")
    return out.getvalue()
