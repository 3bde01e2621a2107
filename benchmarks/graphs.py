"""The models of the profile mini on ONNX Runtime against the same weights in torch, by turns.

`python benchmarks/graphs.py` (needs the extra `full`) prints parity, agreement of ranks and speed. torch computes by
transformers' own classes with their fused attention, in the batches that it was given here before.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from random import Random
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import torch
from PIL import Image
from transformers import BertModel, CLIPVisionModelWithProjection

from rag.cli.demo import examples_folder
from rag.embed.minilm import MiniLM, find_folder
from rag.embed.tower import FOLDER, VisionTower, shipped_tower
from rag.nn.fixed_size_preprocess import FixedSizePreprocess
from rag.nn.unit_rows import unit_rows
from rag.rerank.maxsim import maxsim

if TYPE_CHECKING:
    from rag.types import Vectors

Work: TypeAlias = Callable[[], "list[Vectors]"]
N_PASSAGES, N_PICTURES = 96, 48
TORCH_TOKENS_A_BATCH, TORCH_PICTURES_A_BATCH = 4096, 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    texts = MiniLM(options.threads)
    tower = shipped_tower(texts, options.threads)
    passages, pictures = _passages(), _pictures()
    bert = BertModel.from_pretrained(find_folder(), add_pooling_layer=False).eval()
    vit = CLIPVisionModelWithProjection.from_pretrained(FOLDER, dtype=torch.float32).eval()
    print(f"{options.threads} threads; the least of {options.rounds} rounds by turns")
    compared: Sequence[tuple[str, Work, Work]] = (
        (f"{N_PASSAGES} passages", lambda: [texts.embed(passages)], lambda: [_torch_texts(bert, texts, passages)]),
        (
            "their token vectors",
            lambda: texts.embed_tokens(passages),
            lambda: _torch_tokens(bert, texts, passages),
        ),
        ("a question", lambda: [texts._means(["which?"])], lambda: [_torch_texts(bert, texts, ["which?"])]),
        (f"{N_PICTURES} pictures", lambda: [tower.embed_images(pictures)], lambda: [_torch_pictures(vit, pictures)]),
    )
    for name, ours, theirs in compared:
        _compare(name, ours, theirs, options.rounds)
    _ranks(texts, tower, bert, passages)


def _compare(name: str, ours: Work, theirs: Work, rounds: int) -> None:
    largest = max(float(np.abs(a - b).max()) for a, b in zip(ours(), theirs(), strict=True))
    times = [(_seconds(ours), _seconds(theirs)) for _ in range(rounds)]
    mine, torchs = (min(column) for column in zip(*times, strict=True))
    print(
        f"{name:24} torch {torchs:7.3f} s  here {mine:7.3f} s  {torchs / mine:4.2f} x  largest difference {largest:.1e}"
    )


def _ranks(texts: MiniLM, tower: VisionTower, bert: BertModel, passages: list[str]) -> None:
    """Are all passages in the same order for every question, by their vectors and by MaxSim?"""
    questions = passages[:16]
    ours, theirs = (v[:16] @ v.T for v in (texts.embed(passages), _torch_texts(bert, texts, passages)))
    print(f"order of passages by vectors, pairs that agree: {_agreement(ours, theirs):.4f}")
    ours_tokens, their_tokens = texts.embed_tokens(passages), _torch_tokens(bert, texts, passages)
    scores = [
        np.array([[maxsim(tokens[q], passage) for passage in tokens] for q in range(len(questions))])
        for tokens in (ours_tokens, their_tokens)
    ]
    print(f"order of passages by MaxSim, pairs that agree: {_agreement(*scores):.4f}")


def _agreement(ours: Vectors, theirs: Vectors) -> float:
    """Share of pairs in the same order; those closer than a rounding error are none."""
    mine, wanted = (scores[:, :, None] - scores[:, None, :] for scores in (ours, theirs))
    sure = wanted > 1e-6
    return float((mine[sure] > 0).mean())


def _torch_texts(bert: BertModel, texts: MiniLM, passages: Sequence[str]) -> Vectors:
    return unit_rows(np.stack([hidden.mean(axis=0) for hidden in _torch_hidden(bert, texts, passages)]))


def _torch_tokens(bert: BertModel, texts: MiniLM, passages: Sequence[str]) -> list[Vectors]:
    return [unit_rows(hidden[1:-1]) for hidden in _torch_hidden(bert, texts, passages)]


@torch.inference_mode()
def _torch_hidden(bert: BertModel, texts: MiniLM, passages: Sequence[str]) -> list[Vectors]:
    ids = [[texts._cls, *tokens, texts._sep] for tokens in texts.token_ids(passages)]
    order = sorted(range(len(ids)), key=lambda i: -len(ids[i]))
    made: dict[int, Vectors] = {}
    while order:
        longest = len(ids[order[0]])
        batch, order = np.split(np.array(order), [max(1, TORCH_TOKENS_A_BATCH // longest)])
        order = list(order)
        padded = torch.zeros((len(batch), longest), dtype=torch.long)
        for row, i in enumerate(batch):
            padded[row, : len(ids[i])] = torch.tensor(ids[i])
        hidden = bert(padded, (padded != 0).long()).last_hidden_state.numpy()
        made |= {int(i): hidden[row, : len(ids[i])] for row, i in enumerate(batch)}
    return [made[i] for i in range(len(ids))]


@torch.inference_mode()
def _torch_pictures(vit: CLIPVisionModelWithProjection, pictures: Sequence[Image.Image]) -> Vectors:
    preprocess, rows = FixedSizePreprocess(FOLDER), []
    for first in range(0, len(pictures), TORCH_PICTURES_A_BATCH):
        pixels = preprocess(pictures[first : first + TORCH_PICTURES_A_BATCH])
        rows.append(vit(torch.from_numpy(pixels)).image_embeds.numpy())
    return unit_rows(np.concatenate(rows))


def _passages() -> list[str]:
    """About 98 tokens each, of the sample's words in another order each time."""
    folder, chance = examples_folder() / "dump", Random(0)
    words = " ".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.md"))).split()
    starts = [chance.randrange(len(words) - 90) for _ in range(N_PASSAGES)]
    return [" ".join(words[start : start + chance.randrange(50, 85)]) for start in starts]


def _pictures() -> list[Image.Image]:
    """Small, so that the model's share is what is measured."""
    chance = np.random.default_rng(0)
    return [Image.fromarray(chance.integers(0, 256, (140, 160, 3), np.uint8)) for _ in range(N_PICTURES)]


def _seconds(work: Work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
