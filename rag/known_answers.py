"""`rag models check`: questions whose answers are known, put to the models that the settings name.

A wrong template, a broken conversion or the wrong pooling gives scores that look like any others. Here the right
passage, picture or caption must come first, and clearly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from rag.doctor import Finding
from rag.errors import RagError
from rag.models import Models

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.config import Settings
    from rag.ports import ImageTextEmbedder, TextEmbedder
    from rag.types import Vectors

MIN_DEVIATIONS = 2.0
"""Between the mean cosine of what belongs together and that of what does not, in standard deviations of the latter.
Random weights reach 0; all-MiniLM-L6-v2 and the vision tower reach more than 4 here."""
ENGLISH = (
    ("How do I change the oil filter of the pump?", "Drain the pump, unscrew the oil filter and oil the new seal."),
    ("What did the bridge cost?", "Construction of the bridge came to 12 million euros, two more than was planned."),
    ("Which animals hibernate?", "Hedgehogs, dormice and bats sleep through the winter to save energy."),
    ("Who wrote the opera?", "The music of the opera is by Georges Bizet, who died soon after its first night."),
    ("symptoms of a vitamin deficiency", "A lack of vitamin D shows as tiredness, bone pain and weak muscles."),
    ("When does the train to Lyon leave?", "Departures for Lyon: 07:14, 09:14 and every two hours until the evening."),
    ("How are passwords stored?", "The server keeps salted hashes and never the login secrets themselves."),
    ("unemployment after the crisis", "The share of people without work rose to 9.8 percent when the banks failed."),
)  # fmt: skip
"""Questions and passages that answer them, in other words."""
CHINESE = (
    "怎样更换水泵的机油滤清器？",
    "这座桥花了多少钱？",
    "哪些动物会冬眠？",
    "这部歌剧是谁写的？",
    "维生素缺乏的症状",
    "去里昂的火车几点开？",
    "密码是怎样保存的？",
    "危机之后的失业率",
)
"""The same questions."""
FIGURES = ("a red circle", "a blue square", "a green triangle", "a bar chart", "a pie chart", "a page of text")
CHINESE_FIGURES = ("一个红色的圆", "一个蓝色的正方形", "一个绿色的三角形", "柱状图", "饼图", "一页文字")


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
    passages = embedder.embed([passage for _, passage in ENGLISH])
    yield _matched("text", embedder.fingerprint, _queries(embedder, [question for question, _ in ENGLISH]), passages)
    yield _languages("text", embedder.fingerprint, _queries(embedder, CHINESE), passages)


def _image(settings: Settings, models: Models) -> Iterator[Finding]:
    embedder = models.image_embedder
    if embedder is None:
        yield Finding("image", "info", "no image model is set (RAG_IMAGE_MODEL): nothing to check")
        return
    pictures = embedder.embed_images(_figures())
    yield _matched("image", embedder.fingerprint, embedder.embed_texts(FIGURES), pictures)
    yield _languages("image", embedder.fingerprint, embedder.embed_texts(CHINESE_FIGURES), pictures)


def _reranker(settings: Settings, models: Models) -> Iterator[Finding]:
    reranker = models.reranker
    if reranker is None:
        yield Finding("reranker", "info", "no reranker is set (RAG_RERANKER): nothing to check")
        return
    passages = [passage for _, passage in ENGLISH]
    rows = [reranker.score(question, passages) for question, _ in ENGLISH]
    if any(score is None for row in rows for score in row):
        yield Finding("reranker", "error", f"{reranker.name} gives no score for some passages", _REMEDY)
        return
    yield _matched("reranker", reranker.name, np.asarray(rows, np.float32), np.eye(len(passages), dtype=np.float32))


def _precision(settings: Settings, models: Models) -> Iterator[Finding]:
    """Short number formats on a CPU change scores: they must not change the order."""
    from rag.embed.device import pick_place

    place = pick_place(settings.device, settings.dtype)
    if place.device.type != "cpu" or settings.dtype in ("auto", "float32"):
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
MIN_AGREEMENT = 0.98
"""Of pairs whose float32 scores differ by more than a hundredth of the spread."""


def _matched(check: str, name: str, queries: Vectors, items: Vectors) -> Finding:
    """Is item i the best for query i, and clearly?

    Args:
        check: its name.
        name: the model's.
        queries: (n, dim).
        items: (n, dim).
    """
    right, deviations = _separation(queries @ items.T)
    message = f"{name}: {right} of {len(queries)} right, what belongs together is {deviations:.1f} deviations apart"
    if right >= len(queries) - 1 and deviations >= MIN_DEVIATIONS:
        return Finding(check, "ok", message)
    return Finding(check, "error", message, _REMEDY)


def _languages(check: str, name: str, queries: Vectors, items: Vectors) -> Finding:
    right, deviations = _separation(queries @ items.T)
    if right >= len(queries) - 1 and deviations >= MIN_DEVIATIONS:
        return Finding(check, "ok", f"{name}: Chinese questions find English answers, {right} of {len(queries)}")
    return Finding(
        check,
        "info",
        f"{name}: Chinese questions find {right} of {len(queries)} English answers. An English model is like that; "
        "BGE-M3 and SigLIP 2 are not",
        "for other languages than English set RAG_PROFILE=full",
    )


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
    questions = _queries(embedder, [question for question, _ in ENGLISH])
    return questions @ embedder.embed([passage for _, passage in ENGLISH]).T


def _image_scores(models: Models) -> Vectors | None:
    embedder: ImageTextEmbedder | None = models.image_embedder
    return embedder.embed_texts(FIGURES) @ embedder.embed_images(_figures()).T if embedder else None


def _reranker_scores(models: Models) -> Vectors | None:
    reranker = models.reranker
    if reranker is None:
        return None
    passages = [passage for _, passage in ENGLISH]
    rows = [[score or 0.0 for score in reranker.score(question, passages)] for question, _ in ENGLISH]
    return np.asarray(rows, np.float32)


def _queries(embedder: TextEmbedder, questions: list[str] | tuple[str, ...]) -> Vectors:
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
    for place, height in enumerate((60, 110, 85, 150, 125)):
        bars.rectangle((42 + 34 * place, 200 - height, 66 + 34 * place, 199), fill="steelblue")
    for start, end, colour in ((0, 130, "tomato"), (130, 230, "gold"), (230, 360, "seagreen")):
        pie.pieslice((30, 30, 194, 194), start, end, fill=colour, outline="white")
    for line in range(15):
        page.text(
            (20, 14 + 13 * line), "The quick brown fox jumps over the lazy"[: 39 - 9 * (line % 5 == 4)], fill="black"
        )
    return pictures
