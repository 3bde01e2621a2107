"""Is anything that was found worth resting an answer on?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.text.identifiers import find_identifiers
from rag.text.words import content_words
from rag.types import Hit

if TYPE_CHECKING:
    from rag.ports import ImageTextEmbedder

MIN_IMAGE_DEVIATIONS = 4.0
MIN_PICTURE_COSINE = 0.8
"""Of two pictures: a crop, a photograph of a screen, the same thing drawn again."""
MIN_WORDS_SHARE = 0.5


def likeness_floor(images: ImageTextEmbedder | None) -> float:
    """From which cosine on two pictures are alike; what is usual where nobody measured it for the model."""
    measured = images.abilities.min_likeness if images else None
    return MIN_PICTURE_COSINE if measured is None else measured


def has_evidence(
    question: str,
    hits: Sequence[Hit],
    min_cosine: float,
    min_image_cosine: float | None = None,
    min_likeness: float = MIN_PICTURE_COSINE,
) -> bool:
    """Whether one hit at least is close to the question in meaning, in looks, or in its words.

    A rank or a calibrated score cannot tell: among records that all have nothing to do with the question, one is always
    the best, and three deviations above the background. The raw cosine can (measured in `docs/decisions/006`).

    Args:
        question: words; empty for a question by picture.
        hits: what was found.
        min_cosine: of the text model: below it, texts have nothing to do with each other.
        min_image_cosine: of the image model, for words with a picture; None where nobody measured it.
        min_likeness: of the image model, for two pictures.
    """
    names = {each.text for each in find_identifiers(question) if each.strength == "certain"}
    if any(names.intersection(hit.exact) for hit in hits):
        return True
    asked = set(content_words(question))
    looks = min_image_cosine if question else min_likeness
    return any(_close_text(hit, min_cosine) or _close_image(hit, looks) or _same_words(hit, asked) for hit in hits)


def found_by_looks(hit: Hit, min_image_cosine: float) -> bool:
    """Whether a question in words found this picture by its pixels rather than by what is written in or about it."""
    image, text = hit.channels.get("image"), hit.channels.get("text")
    if image is None or image.raw is None or image.raw < min_image_cosine:
        return False
    return text is None or text.raw is None or image.calibrated > text.calibrated


def _close_text(hit: Hit, min_cosine: float) -> bool:
    view = hit.channels.get("text")
    return view is not None and view.raw is not None and view.raw >= min_cosine


def _close_image(hit: Hit, min_cosine: float | None) -> bool:
    view = hit.channels.get("image")
    if view is None or view.raw is None:
        return False
    return view.calibrated >= MIN_IMAGE_DEVIATIONS or (min_cosine is not None and view.raw >= min_cosine)


def _same_words(hit: Hit, asked: set[str]) -> bool:
    """More than half of the question's words stand in the text: a serial number has no meaning to be close in."""
    return len(asked & set(content_words(hit.record.text))) > MIN_WORDS_SHARE * len(asked) if asked else False
