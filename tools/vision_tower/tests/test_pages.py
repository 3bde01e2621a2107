import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from random import Random

import pytest
from PIL import Image

from tools.vision_tower.drawing.colours import CHROMATIC
from tools.vision_tower.drawing.family import held_out
from tools.vision_tower.drawing.pages import family as pages
from tools.vision_tower.drawing.pages.spec import PageSpec


@pytest.fixture(scope="module")
def many() -> list[PageSpec]:
    return [pages.imagine(Random(seed)) for seed in range(3000)]


@pytest.fixture(scope="module")
def one_of_each(many: list[PageSpec]) -> dict[str, PageSpec]:
    return {spec.kind: spec for spec in many}


def captions(spec: PageSpec, n: int = 300) -> set[str]:
    return {pages.describe(spec, Random(seed)).lower() for seed in range(n)}


def small(spec: PageSpec, seed: int) -> bytes:
    image = pages.draw(spec, Random(seed)).resize((16, 16), Image.Resampling.BOX)
    return image.convert("L").tobytes()


def difference(one: bytes, other: bytes) -> float:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)


def test_all_kinds_are_imagined_about_equally_often(many):
    often = Counter(spec.kind for spec in many)
    assert set(often) == set(pages.KINDS)
    assert min(often.values()) > len(many) / len(pages.KINDS) / 2


@pytest.mark.parametrize("kind", pages.KINDS)
def test_a_drawing_has_the_agreed_mode_and_size(kind, many):
    for spec in [spec for spec in many if spec.kind == kind][:8]:
        image = pages.draw(spec, Random(7))
        assert image.mode == "RGB"
        assert min(image.size) >= 160
        assert max(image.size) <= 900


def test_the_same_seed_draws_the_same_pixels_in_every_process():
    code = (
        "from random import Random; from hashlib import sha256\n"
        "from tools.vision_tower.drawing.pages import family as p\n"
        "digest = sha256()\n"
        "for spec in [p.imagine(Random(k)) for k in range(25)]:\n"
        "    digest.update(p.draw(spec, Random(1)).tobytes() + p.describe(spec, Random(2)).encode())\n"
        "print(digest.hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": salt},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for salt in ("1", "2")
    }
    assert len(digests) == 1


def test_a_page_redrawn_differs_but_less_than_from_another_arrangement(one_of_each):
    again, another = [], []
    for spec in one_of_each.values():
        first = pages.draw(spec, Random(1))
        assert first.tobytes() != pages.draw(spec, Random(2)).tobytes(), spec.kind
        again.append(difference(small(spec, 1), small(spec, 2)))
        another.append(difference(small(spec, 1), small(replace(spec, arrangement=spec.arrangement + 1), 2)))
    assert sum(again) < 0.8 * sum(another)


def test_no_kind_is_kept_out_of_training_as_a_whole(many):
    left = defaultdict(set)
    for spec in many:
        if not held_out(spec):
            left[spec.kind, spec.attributes[:1]].add(spec)
    assert set(left) == {(spec.kind, spec.attributes[:1]) for spec in many}


def test_each_page_has_at_least_twenty_wordings(one_of_each):
    for spec in one_of_each.values():
        assert len(captions(spec)) >= 20, spec.kind


def test_captions_name_the_kind_by_one_of_its_names(one_of_each):
    names = ("page of text", "text page", "page of running text", "document page")
    assert all(any(name in caption for name in names) for caption in captions(one_of_each["page of text"]))


def test_captions_tell_no_other_colour_than_the_one_of_the_spec(many):
    for spec in many[:400]:
        told = {str(value) for _, value in spec.attributes}
        for caption in captions(spec, 8):
            words = set(re.findall(r"[a-z]+", caption.replace(f'"{spec.word("said")}"'.lower(), "")))
            assert words & set(CHROMATIC) <= told, (spec, caption)


def test_captions_count_as_the_spec_does():
    spec = PageSpec("table", (("columns", 4), ("rows", 10), ("lines", "all"), ("header", "red"), ("theme", "light")))
    told = " ".join(captions(spec))
    assert re.search(r"\b(4|four) columns|(4|four)-column", told)
    assert "many rows" in told
    assert not re.search(r"\b(2|3|5|6|two|three|five|six)\b", told)


def test_one_thing_is_told_in_the_singular():
    told = " ".join(captions(PageSpec("sheet music", (("staves", 1),))))
    assert re.search(r"(1|one) stave\b", told)
    assert not re.search(r"\b(1|one) staves", told)


def test_names_without_an_article_get_none(one_of_each):
    told = " ".join(captions(one_of_each["sheet music"]) | captions(one_of_each["page of formulas"]))
    assert not re.search(r"\ban? (sheet music|musical notation|equations|math|mathematical)", told)


def test_a_dark_page_is_dark_and_a_light_one_light(many):
    for kind in ("source code", "table", "web page", "chat window", "settings page"):
        for spec in [spec for spec in many if spec.kind == kind][:6]:
            grey = sorted(small(spec, 3))
            assert (grey[len(grey) // 2] < 128) == (spec.word("theme") == "dark"), spec
