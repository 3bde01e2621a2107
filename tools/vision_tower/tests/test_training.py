"""The vision tower's training: its drawings, its loss, its steps, its folder."""

from functools import partial
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional as F

from tools.vision_tower.drawing.augment import augment, names_colour, squash
from tools.vision_tower.drawing.cache import Chunk, Drawings, draw_all, draw_item, plan_chunks
from tools.vision_tower.drawing.drafting.kinds import Diagram
from tools.vision_tower.drawing.families import SHARES
from tools.vision_tower.drawing.family import HELD_OUT_SHARE, held_out
from tools.vision_tower.drawing.pictograms.family import PictogramSpec
from tools.vision_tower.drawing.scenes import family as scenes
from tools.vision_tower.drawing.unseen_pairs import told_pairs
from tools.vision_tower.training import train as loop
from tools.vision_tower.training.loss import TowerLoss
from tools.vision_tower.training.model import make_processor, make_tower, save_tower
from tools.vision_tower.training.restyle import Restyle
from tools.vision_tower.training.texts import caption_vectors
from tools.vision_tower.training.train import CheckpointError, Plan, Trainer, train


@pytest.fixture
def few(tmp_path: Path) -> list[Chunk]:
    """Three chunks of four scenes."""
    return plan_chunks(tmp_path, 12, {"scenes": 1.0}, a_chunk=4)


def test_all_shares_make_one_whole() -> None:
    assert sum(SHARES.values()) == pytest.approx(1)


def test_about_one_in_fifty_things_is_held_out_and_always_the_same() -> None:
    kept = [held_out((i, "a thing")) for i in range(5000)]
    assert kept == [held_out((i, "a thing")) for i in range(5000)]
    assert sum(kept) / 5000 == pytest.approx(HELD_OUT_SHARE, abs=0.01)


def test_drawing_goes_on_where_it_was_stopped(few: list[Chunk], tmp_path: Path) -> None:
    draw_all(few, tmp_path, seed=1, n_processes=1)
    whole = Drawings(few).views(np.arange(12))
    few[1].captions.unlink()  # as if stopped before it was written
    before = few[0].pixels.stat().st_mtime_ns
    draw_all(few, tmp_path, seed=1, n_processes=1)
    assert few[0].pixels.stat().st_mtime_ns == before
    assert np.array_equal(Drawings(few).views(np.arange(12)), whole)


def test_several_processes_draw_what_one_draws(few: list[Chunk], tmp_path: Path) -> None:
    draw_all(few, tmp_path, seed=1, n_processes=2)
    twins = plan_chunks(tmp_path / "alone", 12, {"scenes": 1.0}, a_chunk=4)
    draw_all(twins, tmp_path, seed=1, n_processes=1)
    assert Drawings(few).captions == Drawings(twins).captions
    assert np.array_equal(Drawings(few).views(np.arange(12)), Drawings(twins).views(np.arange(12)))


def test_two_views_and_two_captions_an_item(few: list[Chunk], tmp_path: Path) -> None:
    draw_all(few, tmp_path, seed=1, n_processes=1)
    drawings = Drawings(few)
    views = drawings.views(np.array([3, 7]))
    assert len(drawings) == 12
    assert len(drawings.captions) == 24
    assert views.shape == (4, 128, 128, 3)
    assert not np.array_equal(views[0], views[1])


class _Wishes:
    """A family that imagines one spec after the other and tells it in the same words each time."""

    def __init__(self, *wanted: object, said: str = "a sign") -> None:
        self._wanted, self._said = iter(wanted), said
        self.last: object = None

    def imagine(self, rng: Random) -> object:
        self.last = next(self._wanted)
        return self.last

    def draw(self, spec: object, rng: Random) -> Image.Image:
        return Image.new("RGB", (200, 200))

    def describe(self, spec: object, rng: Random) -> str:
        return self._said


HARMLESS = PictogramSpec(("🐶",), tint="green")
SHOW_UNSEEN_PAIRS = [
    PictogramSpec(("⭐",), tint="green"),
    PictogramSpec(("🐶",), sign="warning", ground="blue"),
    PictogramSpec(("moon outline",), tint="blue"),
    PictogramSpec(("first aid plus",), ground="orange"),
    PictogramSpec(("parking boxes",), tint="purple"),
    Diagram("pyramid diagram", 3, "blue", "", False, False, "", 1),
]


@pytest.mark.parametrize("spec", SHOW_UNSEEN_PAIRS, ids=repr)
def test_pairs_kept_for_the_benchmark_come_in_by_no_other_family(spec: object) -> None:
    assert not any(held_out(one) for one in (spec, HARMLESS))
    kept_away, free = _Wishes(spec, HARMLESS), _Wishes(spec, HARMLESS)
    draw_item(kept_away, Random(0), keep_unseen=True)
    draw_item(free, Random(0), keep_unseen=False)
    assert (kept_away.last, free.last) == (HARMLESS, spec)


def test_a_caption_alone_can_give_a_pair_away() -> None:
    blue = PictogramSpec(("🐶",), tint="blue")
    assert told_pairs("three blue pyramids") == {("blue", "triangle")}
    assert told_pairs("gray tiles and violet boxes") == {("grey", "square"), ("purple", "rectangle")}
    assert not told_pairs("the start of a green line")
    with pytest.raises(StopIteration):
        draw_item(_Wishes(blue, blue, said="dog in a triangle"), Random(0), keep_unseen=True)


def test_a_caption_with_a_colour_keeps_its_picture_coloured() -> None:
    orange = Image.new("RGB", (200, 160), (255, 140, 0))
    coloured = [np.ptp(np.asarray(squash(augment(orange, "an orange box", Random(i))))[64, 64]) for i in range(60)]
    any_way = [np.ptp(np.asarray(squash(augment(orange, "a box", Random(i))))[64, 64]) for i in range(60)]
    assert min(coloured) > 100
    assert min(any_way) == 0
    assert names_colour("a Gray line")
    assert not names_colour("a line")


def test_augmenting_depends_on_the_generator_alone() -> None:
    rng = Random(4)
    picture = scenes.draw(scenes.imagine(rng), rng)
    assert np.array_equal(
        np.asarray(augment(picture.copy(), "", Random(7))), np.asarray(augment(picture, "", Random(7)))
    )


def _unit(n: int, seed: int) -> torch.Tensor:
    return F.normalize(torch.randn(n, 16, generator=torch.Generator().manual_seed(seed)), dim=-1)


def test_loss_is_least_where_pictures_lie_on_their_captions() -> None:
    texts = _unit(8, 0)
    texts[1::2] = texts[::2]  # both drawings of a thing have one caption
    loss, others = TowerLoss(), _unit(50, 1)
    right, wrong = loss(texts, texts, others)[0], loss(texts.roll(2, dims=0), texts, others)[0]
    assert right < 0.5 * wrong


def test_a_caption_that_says_the_same_is_no_wrong_answer() -> None:
    texts = _unit(1, 0).repeat(2, 1)
    loss = TowerLoss(redrawn_weight=0, distance_weight=0)
    assert loss(texts, texts, texts)[1]["to_text"] == 0
    assert loss(texts, texts, _unit(8, 2))[1]["to_text"] > 0


class _Words:
    """A text embedder of 16 dimensions; a caption's vector depends on its letters."""

    dim = 16
    fingerprint = "letters@1"

    def __init__(self) -> None:
        self.calls = 0

    def embed(self, texts: list[str]) -> np.ndarray:
        self.calls += 1
        rows = [np.bincount(np.frombuffer(text.encode(), np.uint8) % 16, minlength=16) for text in texts]
        return np.asarray([row / np.linalg.norm(row) for row in rows], np.float32)


def test_equal_captions_are_embedded_once_and_kept(tmp_path: Path) -> None:
    words = _Words()
    captions = ["b", "a", "b"]
    vectors, rows = caption_vectors(captions, words, tmp_path)  # type: ignore[arg-type]
    again, _ = caption_vectors(captions, words, tmp_path)  # type: ignore[arg-type]
    assert (len(vectors), rows, words.calls) == (2, [1, 0, 1], 1)
    assert np.array_equal(vectors, again)


def test_other_captions_or_another_embedder_are_embedded_anew(tmp_path: Path) -> None:
    words, other = _Words(), _Words()
    other.fingerprint = "letters@2"
    for embedder, captions in ((words, ["a", "b"]), (words, ["a", "c"]), (other, ["a", "c"])):
        caption_vectors(captions, embedder, tmp_path)  # type: ignore[arg-type]
    assert (words.calls, other.calls) == (2, 1)


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tower that takes its steps at once where a CPU has no bfloat16 units, in which Muon computes."""
    monkeypatch.setattr(loop, "make_tower", partial(make_tower, width=32, n_layers=2))


def _train(chunks: list[Chunk], steps: int, checkpoint: Path, *, stop: int = 0) -> torch.Tensor:
    drawings = Drawings(chunks)
    vectors, rows = caption_vectors(drawings.captions, _Words(), checkpoint.parent)  # type: ignore[arg-type]
    plan = Plan(steps=steps, restarts=(1,), items=4, others=8, warmup=1)
    restyle = Restyle(["scenes"] * len(drawings), drawings.captions)

    def interrupt(trainer: Trainer) -> None:
        if trainer.step == stop:
            raise KeyboardInterrupt

    tower = train(plan, drawings, vectors, rows, restyle, checkpoint, "cpu", save_every_s=0, on_save=interrupt)
    return tower.visual_projection.weight.detach()


@pytest.mark.usefixtures("narrow")
def test_training_stopped_and_taken_up_again_gives_the_same_tower(few: list[Chunk], tmp_path: Path) -> None:
    draw_all(few, tmp_path, seed=1, n_processes=1)
    straight = _train(few, 4, tmp_path / "straight.pt")
    with pytest.raises(KeyboardInterrupt):
        _train(few, 4, tmp_path / "halved.pt", stop=2)  # in the second part: the end of the first is kept, too
    torch.testing.assert_close(_train(few, 4, tmp_path / "halved.pt"), straight)


def test_the_rate_falls_to_nothing_in_each_part_and_starts_anew_from_half() -> None:
    plan = Plan(steps=1000, restarts=(400, 700), warmup=10)
    rates = [plan.rate(step) for step in range(1000)]
    assert (max(rates[:400]), max(rates[400:700]), max(rates[700:])) == pytest.approx((1.0, 0.5, 0.5))
    assert max(rates[399], rates[699], rates[999]) < 0.01
    assert max(rates[400], rates[700]) < 0.1
    assert Plan(steps=300, restarts=(400,)).rate(299) < 0.01


def test_only_the_first_part_sees_the_drawings_as_they_are() -> None:
    plan = Plan(steps=1000, restarts=(400, 700))
    assert [plan.is_plain(step) for step in (0, 399, 400, 999)] == [True, True, False, False]
    assert Plan(restarts=()).is_plain(999)


@pytest.mark.usefixtures("narrow")
def test_the_tower_is_a_mean_of_the_ends_of_the_last_two_parts() -> None:
    trainer = Trainer(Plan(restarts=(0, 1), warmup=1, earlier_share=0.25), 16, "cpu")
    ends = []
    for seed in range(2):
        views = torch.randn(4, 3, 128, 128, generator=torch.Generator().manual_seed(seed))
        trainer.learn(views, _unit(4, seed), _unit(8, seed + 2))
        ends.append(trainer.tower.visual_projection.weight.detach().clone())
    mean = trainer.finish().visual_projection.weight.detach()
    assert not torch.equal(ends[0], ends[1])
    torch.testing.assert_close(mean, 0.25 * ends[0] + 0.75 * ends[1])


@pytest.mark.usefixtures("narrow")
def test_a_checkpoint_of_another_plan_is_refused_by_name(tmp_path: Path) -> None:
    Trainer(Plan(manners="none"), 16, "cpu").save(tmp_path / "old.pt")
    with pytest.raises(CheckpointError, match=r"old\.pt is of another plan than Plan\(steps=.* Move it away"):
        Trainer(Plan(), 16, "cpu").load(tmp_path / "old.pt")


def test_a_saved_tower_fits_the_package_and_loads_with_transformers(tmp_path: Path) -> None:
    from transformers import CLIPVisionModelWithProjection

    torch.manual_seed(0)
    tower = make_tower(384).eval()
    save_tower(tower, tmp_path, locked_text="all-MiniLM-L6-v2@0", background_std=0.12)
    loaded = CLIPVisionModelWithProjection.from_pretrained(tmp_path, dtype=torch.float32).eval()
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 255, (90, 200, 3), np.uint8))
    pixels = make_processor()(images=[picture], return_tensors="pt")["pixel_values"]
    with torch.inference_mode():
        cosine = F.cosine_similarity(tower(pixels).image_embeds, loaded(pixels).image_embeds)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 12_000_000
    assert loaded.config.locked_text == "all-MiniLM-L6-v2@0"
    assert cosine.item() > 0.9999
