"""The training loop: resumable, the same steps in the same order each time."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from tools.vision_tower.training.loss import SAME_CAPTION, TowerLoss
from tools.vision_tower.training.model import MEAN, STD, make_tower, use_plain_attention
from tools.vision_tower.training.restyle import move

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from transformers import CLIPVisionModelWithProjection

    from rag.types import Vectors
    from tools.vision_tower.drawing.cache import Drawings
    from tools.vision_tower.training.restyle import Restyle


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to learn. One step sees `items` things, each drawn twice.

    Steps before the first of `restarts` see the drawings as they are, all others see them in other manners. At each of
    `restarts` the rate starts anew from `restart_rate` of the full one (Loshchilov and Hutter, SGDR, 2017). In the end
    the tower is the mean of what the last two parts ended with, the earlier one with `earlier_share` (Wortsman et al.,
    WiSE-FT, 2022).
    """

    steps: int = 15_400
    restarts: tuple[int, ...] = (6400, 11_400)
    restart_rate: float = 0.5
    earlier_share: float = 0.3
    items: int = 128
    others: int = 4096
    muon_lr: float = 0.02
    adam_lr: float = 1e-3
    warmup: int = 100
    seed: int = 1
    manners: str = "outlines, tones, bends"
    """What `restyle` varies. Another text for another way, so that no run goes on from a checkpoint of the old one."""

    def is_plain(self, step: int) -> bool:
        """Whether this step sees the drawings as they are."""
        return all(step < at for at in self.restarts)

    def rate(self, step: int) -> float:
        """Of the full learning rate: up in `warmup` steps, then down along a cosine; the same again in each part."""
        start = max((at for at in self.restarts if at <= step), default=0)
        end = min((at for at in self.restarts if step < at < self.steps), default=self.steps)
        top = self.restart_rate if start else 1.0
        if step - start < self.warmup:
            return top * (step - start + 1) / self.warmup
        done = (step - start - self.warmup) / max(end - start - self.warmup, 1)
        return top * 0.5 * (1 + math.cos(math.pi * done))


class CheckpointError(ValueError):
    """The checkpoint is of a training by another plan."""


class Trainer:
    """Model, loss and optimizers as one thing that can be saved and taken up again."""

    def __init__(self, plan: Plan, text_dim: int, device: str) -> None:
        torch.manual_seed(plan.seed)
        self.plan, self.device, self.step = plan, device, 0
        self.earlier: dict[str, Tensor] = {}
        self.tower = make_tower(text_dim)
        use_plain_attention(self.tower)
        self.loss = TowerLoss()
        self.tower.to(device)
        self.loss.to(device)
        matrices = [p for name, p in self.tower.named_parameters() if p.ndim == 2 and ".layers." in name]
        chosen = {id(p) for p in matrices}
        rest = [p for p in (*self.tower.parameters(), *self.loss.parameters()) if id(p) not in chosen]
        self.optimizers: list[torch.optim.Optimizer] = [
            torch.optim.Muon(matrices, lr=plan.muon_lr, weight_decay=0.05, momentum=0.95),
            torch.optim.AdamW(rest, lr=plan.adam_lr, weight_decay=0.01, betas=(0.9, 0.98)),
        ]
        self._rates = [optimizer.param_groups[0]["lr"] for optimizer in self.optimizers]

    def learn(self, views: Tensor, texts: Tensor, others: Tensor) -> dict[str, float]:
        """One step; the terms of the loss."""
        if self.step in self.plan.restarts[-1:]:
            self.earlier = {name: weight.clone() for name, weight in self.tower.state_dict().items()}
        for optimizer, rate in zip(self.optimizers, self._rates, strict=True):
            optimizer.param_groups[0]["lr"] = rate * self.plan.rate(self.step)
        with torch.autocast(self.device, torch.bfloat16):
            vectors = self.tower(views).image_embeds
        loss, terms = self.loss(F.normalize(vectors.float(), dim=-1), texts, others)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.tower.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        self.step += 1
        return terms

    def finish(self) -> CLIPVisionModelWithProjection:
        """The tower as the plan wants it in the end. It is not to be trained on."""
        if self.earlier:
            last, share = self.tower.state_dict(), self.plan.earlier_share
            mean = {name: torch.lerp(weight, self.earlier[name], share) for name, weight in last.items()}
            self.tower.load_state_dict(mean)
        return self.tower.eval()

    def save(self, path: Path) -> None:
        """Everything that the next step depends on."""
        state = {
            "plan": asdict(self.plan),
            "step": self.step,
            "tower": self.tower.state_dict(),
            "earlier": self.earlier,
            "loss": self.loss.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
        }
        partial = path.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(path)

    def load(self, path: Path) -> None:
        """What `save` wrote. CheckpointError if by another plan."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        if state.get("plan") != asdict(self.plan):
            raise CheckpointError(f"{path} is of another plan than {self.plan}. Move it away to train anew.")
        self.step = state["step"]
        self.tower.load_state_dict(state["tower"])
        self.earlier = state["earlier"]
        self.loss.load_state_dict(state["loss"])
        for optimizer, kept in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(kept)


def train(
    plan: Plan,
    drawings: Drawings,
    text_vectors: Vectors,
    text_rows: list[int],
    restyle: Restyle,
    checkpoint: Path,
    device: str,
    *,
    save_every_s: float = 180,
    on_save: Callable[[Trainer], None] | None = None,
) -> CLIPVisionModelWithProjection:
    """The trained tower. Goes on from `checkpoint` where there is one.

    Raises:
        CheckpointError: the checkpoint is of another plan.
    """
    trainer = Trainer(plan, text_vectors.shape[1], device)
    if checkpoint.exists():
        trainer.load(checkpoint)
    vectors, rows = torch.from_numpy(text_vectors).to(device), np.asarray(text_rows)
    steps = range(trainer.step, plan.steps)
    ahead = _read_ahead(drawings, (_items(plan, len(drawings), step) for step in steps))
    saved_s = time.monotonic()
    bar = tqdm(zip(steps, ahead, strict=True), "training", plan.steps, initial=trainer.step, unit="step")
    for step, (items, pixels) in bar:
        chance = torch.Generator().manual_seed(plan.seed * 1_000_003 + step)
        unit, bent = to_unit(pixels, device), None
        if not plan.is_plain(step):
            unit, bent = restyle(unit, items, chance)
        views = move(_normalised(unit), chance, bent)
        own = torch.from_numpy(rows[np.stack([2 * items, 2 * items + 1], axis=1).ravel()])
        others = torch.randint(len(vectors), (plan.others,), generator=chance)
        terms = trainer.learn(views, vectors[own], vectors[others])
        if not all(map(math.isfinite, terms.values())):
            raise FloatingPointError(f"the loss is not finite at step {step}: {terms}")
        bar.set_postfix({name: f"{value:.2f}" for name, value in terms.items()}, refresh=False)
        if time.monotonic() - saved_s > save_every_s or trainer.step == plan.steps:
            saved_s = time.monotonic()
            trainer.save(checkpoint)
            if on_save is not None:
                on_save(trainer)
    return trainer.finish()


@torch.inference_mode()
def background_std(tower: CLIPVisionModelWithProjection, views: Tensor, texts: Tensor) -> float:
    """Standard deviation of the cosines between pictures and captions of other pictures.

    Args:
        tower: trained.
        views: (n, 3, 128, 128), one drawing of each of n things, all families mixed.
        texts: (n, dim) unit vectors of their captions.
    """
    pictures = torch.cat([tower(some).image_embeds for some in views.split(64)])
    cosines = F.normalize(pictures, dim=-1) @ texts.T
    unrelated = texts @ texts.T < SAME_CAPTION
    return float(cosines[unrelated].std())


def _read_ahead(
    drawings: Drawings, steps: Iterable[NDArray[np.int64]]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.uint8]]]:
    """The items of each step and their views, which are read from disk while the step before is learnt."""
    with ThreadPoolExecutor(1) as reader:
        waiting: deque[tuple[NDArray[np.int64], Future[NDArray[np.uint8]]]] = deque()
        for items in steps:
            waiting.append((items, reader.submit(drawings.views, items)))
            if len(waiting) > 1:
                ready, views = waiting.popleft()
                yield ready, views.result()
        for ready, views in waiting:
            yield ready, views.result()


def _items(plan: Plan, n_items: int, step: int) -> NDArray[np.int64]:
    """Of this step: epoch after epoch through all items, each epoch in an order of its own."""
    steps_an_epoch = n_items // plan.items
    epoch, place = divmod(step, steps_an_epoch)
    order = np.random.default_rng([plan.seed, epoch]).permutation(n_items)
    return order[place * plan.items : (place + 1) * plan.items]


def to_unit(views: NDArray[np.uint8], device: str) -> Tensor:
    """(n, 3, 128, 128) float32 in [0, 1], from (n, 128, 128, 3) uint8."""
    return torch.from_numpy(views).to(device).permute(0, 3, 1, 2).float().div_(255).contiguous()


def to_pixels(views: NDArray[np.uint8], device: str) -> Tensor:
    """(n, 3, 128, 128) float32 as the processor normalises them, from (n, 128, 128, 3) uint8."""
    return _normalised(to_unit(views, device))


def _normalised(unit: Tensor) -> Tensor:
    mean, std = (torch.tensor(values, device=unit.device).view(3, 1, 1) for values in (MEAN, STD))
    return (unit - mean) / std
