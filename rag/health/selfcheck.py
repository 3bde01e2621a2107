"""`rag models check`: questions whose answers are known, put to the models that the settings name.

A wrong template, a broken conversion or the wrong pooling gives scores that look like any others. Here the right
passage, picture or caption must come first, and clearly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from rag.errors import RagError
from rag.health.finding import Finding
from rag.health.selfcheck_texts import (
    CHINESE_FIGURES,
    CHINESE_PASSAGES,
    CHINESE_QUESTIONS,
    ENGLISH_PASSAGES,
    ENGLISH_QUESTIONS,
    FIGURES,
)
from rag.models.registry import Models
from rag.nn.extras import missing_of_full
from rag.ports import SightedReranker

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.config import Settings
    from rag.ports import ImageTextEmbedder, Reranker, TextEmbedder
    from rag.types import Vectors

MIN_DEVIATIONS = 2.0
"""Between the mean cosine of what belongs together and that of what does not, in standard deviations of the latter.
Random weights reach 0; all-MiniLM-L6-v2 and the vision tower reach more than 4 here."""


def check_models(settings: Settings) -> Iterator[Finding]:
    """A finding a check; a model that fails one is `error`, whatever cannot be checked says why."""
    models = Models(settings)
    checks: list[tuple[str, Callable[[Settings, Models], Iterator[Finding]]]] = [
        ("text", _text), ("image", _image), ("reranker", _reranker), ("precision", _precision)
    ]  # fmt: skip
    for name, check in checks:
        try:
            yield from check(settings, models)
        except RagError as error:
            yield Finding(name, "error", str(error))


def _text(settings: Settings, models: Models) -> Iterator[Finding]:
    embedder = models.text_embedder

    def scores(questions: Sequence[str], passages: Sequence[str]) -> Vectors:
        return _queries(embedder, questions) @ embedder.embed(passages).T

    yield _matched("text", embedder.fingerprint, scores(ENGLISH_QUESTIONS, ENGLISH_PASSAGES))
    yield from _other_languages("text", embedder.fingerprint, embedder.abilities.language, scores)


def _image(settings: Settings, models: Models) -> Iterator[Finding]:
    embedder = models.image_embedder
    if embedder is None:
        yield Finding("image", "info", "no image model is set (RAG_IMAGE_MODEL): nothing to check")
        return
    pictures = embedder.embed_images(_figures())
    yield _matched("image", embedder.fingerprint, embedder.embed_texts(FIGURES) @ pictures.T)
    chinese = embedder.embed_texts(CHINESE_FIGURES) @ pictures.T
    yield _known("image", embedder.fingerprint, "Chinese words find pictures", chinese)


def _reranker(settings: Settings, models: Models) -> Iterator[Finding]:
    reranker = models.reranker
    if reranker is None:
        yield Finding("reranker", "info", "no reranker is set (RAG_RERANKER): nothing to check")
        return
    scores = _reranked(reranker, ENGLISH_QUESTIONS, ENGLISH_PASSAGES)
    if np.isnan(scores).any():
        yield Finding("reranker", "error", f"{reranker.name} gives no score for some passages", _REMEDY)
        return
    yield _matched("reranker", reranker.name, scores)
    language = reranker.abilities.language
    yield from _other_languages("reranker", reranker.name, language, partial(_reranked, reranker))
    if sighted := reranker.abilities.sighted:
        yield _matched("reranker", f"{reranker.name}, pictures", _reranked_figures(sighted))


def _precision(settings: Settings, models: Models) -> Iterator[Finding]:
    """Short number formats on a CPU change scores: they must not change the order."""
    if settings.dtype in ("auto", "float32") or missing_of_full():  # what runs without torch is float32
        return
    from rag.nn.device import pick_placement

    if pick_placement(settings.device, settings.dtype).device.type != "cpu":
        return
    exact = Models(settings.model_copy(update={"dtype": "float32"}))
    for name, score in (("text", _text_scores), ("image", _image_scores), ("reranker", _reranker_scores)):
        agreement = _agreement(score(exact), score(models))
        if agreement is None:
            continue
        message = f"{settings.dtype} on the CPU ranks {agreement:.1%} of all pairs as float32 does"
        if agreement >= MIN_AGREEMENT:
            yield Finding(name, "ok", message)
        else:
            yield Finding(name, "error", message, "set RAG_DTYPE=float32")


_REMEDY = (
    "the weights, their conversion or the template are not what the model was trained with: 'rag models pull' checks "
    "the files; set another model if it persists"
)
_FULL = "for other languages than English set RAG_PROFILE=full"
MIN_AGREEMENT = 0.98
"""Of pairs whose float32 scores differ by more than a hundredth of the spread."""


def _matched(check: str, name: str, scores: Vectors) -> Finding:
    """Is item i the best for query i, and clearly?

    Args:
        check: its name.
        name: the model's.
        scores: (n_queries, n_items), as many of both.
    """
    right, deviations, is_clear = _judged(scores)
    message = f"{name}: {right} of {len(scores)} right, what belongs together is {deviations:.1f} deviations apart"
    return Finding(check, "ok", message) if is_clear else Finding(check, "error", message, _REMEDY)


def _other_languages(
    check: str, name: str, language: str, scores: Callable[[Sequence[str], Sequence[str]], Vectors]
) -> Iterator[Finding]:
    """The same questions and passages in Chinese, within the language and across; nothing of it is an error.

    Args:
        check: its name.
        name: the model's.
        language: the only one that it knows, then it is asked in no other; "" for several.
        scores: of questions and passages, (n_questions, n_passages).
    """
    if language:
        yield Finding(check, "info", f"{name} knows {language}: it is asked in no other language", _FULL)
        return
    for what, questions, passages in (
        ("Chinese questions find English passages", CHINESE_QUESTIONS, ENGLISH_PASSAGES),
        ("English questions find Chinese passages", ENGLISH_QUESTIONS, CHINESE_PASSAGES),
        ("Chinese questions find Chinese passages", CHINESE_QUESTIONS, CHINESE_PASSAGES),
    ):
        yield _known(check, name, what, scores(questions, passages))


def _known(check: str, name: str, what: str, scores: Vectors) -> Finding:
    right, deviations, is_clear = _judged(scores)
    message = f"{name}: {what}, {right} of {len(scores)} right, {deviations:.1f} deviations apart"
    if is_clear:
        return Finding(check, "ok", message)
    return Finding(
        check, "info", f"{message}: too few. An English model is like that; BGE-M3 and SigLIP 2 are not", _FULL
    )


def _judged(scores: Vectors) -> tuple[int, float, bool]:
    """How many are right, how far apart the rest is, and whether that is enough."""
    right, deviations = _separation(scores)
    return right, deviations, right >= len(scores) - 1 and deviations >= MIN_DEVIATIONS


def _separation(scores: Vectors) -> tuple[int, float]:
    """How many rows have their best score on the diagonal, and how far the diagonal is above the rest."""
    right = int((scores.argmax(axis=1) == np.arange(len(scores))).sum())
    rest = scores[~np.eye(len(scores), dtype=bool)]
    return right, float((np.diag(scores).mean() - rest.mean()) / max(float(rest.std()), 1e-9))


def _agreement(exact: Vectors | None, short: Vectors | None) -> float | None:
    """Of all pairs in a row whose order float32 is sure of, the share that has the same order.

    Args:
        exact: (n_queries, n_items) scores.
        short: the same in a shorter format.
    """
    if exact is None or short is None:
        return None
    wanted = exact[:, :, None] - exact[:, None, :]
    found = short[:, :, None] - short[:, None, :]
    sure = wanted > 0.01 * float(exact.max() - exact.min())
    return float((found[sure] > 0).mean())


def _text_scores(models: Models) -> Vectors:
    embedder = models.text_embedder
    return _queries(embedder, ENGLISH_QUESTIONS) @ embedder.embed(ENGLISH_PASSAGES).T


def _image_scores(models: Models) -> Vectors | None:
    embedder: ImageTextEmbedder | None = models.image_embedder
    return embedder.embed_texts(FIGURES) @ embedder.embed_images(_figures()).T if embedder else None


def _reranker_scores(models: Models) -> Vectors | None:
    reranker = models.reranker
    return np.nan_to_num(_reranked(reranker, ENGLISH_QUESTIONS, ENGLISH_PASSAGES)) if reranker else None


def _reranked(reranker: Reranker, questions: Sequence[str], passages: Sequence[str]) -> Vectors:
    """(n_questions, n_passages), NaN for what was not scored."""
    return np.asarray([reranker.score(question, passages) for question in questions], np.float32)


def _reranked_figures(reranker: SightedReranker) -> Vectors:
    """(n_figures, n_figures): for each name, the pictures alone; NaN for what was not scored."""
    from rag.images.decode import encode_webp

    pictures = [encode_webp(figure, max(figure.size), 100, lossless=True) for figure in _figures()]
    rows = [reranker.score_with_pictures(name, [""] * len(pictures), pictures=pictures) for name in FIGURES]
    return np.asarray(rows, np.float32)


def _queries(embedder: TextEmbedder, questions: Sequence[str]) -> Vectors:
    return np.stack([embedder.embed_query(question) for question in questions])


def _figures() -> list[Image]:
    """Pictures of `FIGURES`, 224 px a side."""
    from PIL import Image, ImageDraw

    pictures = [Image.new("RGB", (224, 224), "white") for _ in FIGURES]
    circle, square, triangle, bars, pie, page = map(ImageDraw.Draw, pictures)
    circle.ellipse((50, 50, 174, 174), fill="red")
    square.rectangle((55, 55, 170, 170), fill="blue")
    triangle.polygon(((112, 45), (45, 175), (180, 175)), fill="green")
    bars.line((30, 20, 30, 200, 210, 200), fill="black", width=2)
    for index, height in enumerate((60, 110, 85, 150, 125)):
        bars.rectangle((42 + 34 * index, 200 - height, 66 + 34 * index, 199), fill="steelblue")
    for start, end, colour in ((0, 130, "tomato"), (130, 230, "gold"), (230, 360, "seagreen")):
        pie.pieslice((30, 30, 194, 194), start, end, fill=colour, outline="white")
    for line in range(15):
        page.text(
            (20, 14 + 13 * line), "The quick brown fox jumps over the lazy"[: 39 - 9 * (line % 5 == 4)], fill="black"
        )
    return pictures
