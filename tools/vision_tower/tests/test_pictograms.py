"""Pictograms for the vision tower, over two tiny sets that are made here."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import pickle
import tarfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random

import matplotlib
import pytest

from tools.vision_tower.drawing.pictograms import sources as pictogram_sources
from tools.vision_tower.drawing.pictograms.emoji import Emoji, leaks, runs, stems, with_held_out
from tools.vision_tower.drawing.pictograms.family import TOLD_BY_OTHER_FAMILIES, Pictograms, PictogramSpec
from tools.vision_tower.drawing.pictograms.fonts import font_svgs
from tools.vision_tower.drawing.pictograms.glyphs import load, prepare, rasterise
from tools.vision_tower.drawing.pictograms.names import plain
from tools.vision_tower.drawing.pictograms.sources import Source, fetch, pinned
from tools.vision_tower.drawing.pictograms.words import single, with_article

DEJAVU = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
DISC = '<circle cx="8" cy="8" r="7" fill="{}"/>'
EMOJI = {
    "1f436": ("dog face", ["animal", "face", "pet", "puppy", "canine"]),
    "1f431": ("cat face", ["animal", "face", "kitten", "whiskers", "feline"]),
    "2764-fe0f": ("red heart", ["love", "valentine", "crush", "affection"]),
    "1f1eb-1f1f7": ("flag: France", ["flag"]),
}
KEPT = {word for one in with_held_out({k: (name, tuple(words)) for k, (name, words) in EMOJI.items()})
        for word in one.held_out}  # fmt: skip
CALLED = min(KEPT)
"""A keyword that is kept from emoji, and what an icon is called."""


def _tarball(folder: Path, source: Source, files: Mapping[str, object]) -> Source:
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(folder / source.file_name, "w:gz") as tar:
        for name, content in files.items():
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    digest = hashlib.sha512((folder / source.file_name).read_bytes()).digest()
    return replace(source, sha512=base64.b64encode(digest).decode())


def _set(
    folder: Path,
    source: Source,
    colour: str,
    chars: dict[str, str],
    others: tuple[str, ...] = (),
    aliases: tuple[str, ...] = (),
) -> Source:
    """Args: aliases: other names of the last of the others."""
    icons = {name: {"body": DISC.format(colour)} for name in (*chars.values(), *others)}
    svgs = {"width": 16, "height": 16, "icons": icons, "aliases": {a: {"parent": others[-1]} for a in aliases}}
    info = {"license": {"spdx": source.licence}, "author": {"name": "Ada"}}
    return _tarball(
        folder,
        source,
        {"icons.json": svgs, "info.json": info, "chars.json": chars},
    )


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Source, ...]]:
    folder = tmp_path_factory.mktemp("pictograms")
    npm = folder / "npm"
    chars = {codes: name.replace(": ", "-").replace(" ", "-").lower() for codes, (name, _) in EMOJI.items()}
    entries = {
        "".join(chr(int(code, 16)) for code in codes.split("-")): {"tts": [name], "default": keywords}
        for codes, (name, keywords) in EMOJI.items()
    }
    base = Source("@iconify-json/noto", "1.0.0", "", "MIT", "emoji", colour=True)
    mono = replace(base, package="@iconify-json/mono", colour=False)
    unseen = replace(base, package="@iconify-json/openmoji", training=False)
    mdi = replace(base, package="@iconify-json/mdi", holds="icons", colour=False)
    bi = replace(mdi, package="@iconify-json/bi", training=False)
    cldr = Source("cldr-annotations-full", "1.0.0", "", "Unicode-3.0", "names")
    names = {"annotations/en/annotations.json": {"annotations": {"annotations": entries}}}
    return folder, (
        _set(npm, base, "orange", chars),
        _set(npm, mono, "currentColor", chars),
        _set(npm, unseen, "blue", chars),
        _set(
            npm,
            mdi,
            "currentColor",
            {},
            ("house-outline", "brand-acme", f"{CALLED}-bowl", CALLED, "tree"),
            (CALLED, f"small-{CALLED}s", "oak"),
        ),
        _set(npm, bi, "currentColor", {}, ("house", "boat")),
        _tarball(npm, cldr, names),
    )


@pytest.fixture(scope="module")
def family(sources: tuple[Path, tuple[Source, ...]]) -> Pictograms:
    return Pictograms(*sources)


def test_same_seed_same_pictogram_in_another_copy_too(family: Pictograms) -> None:
    twin = pickle.loads(pickle.dumps(family))
    for seed in range(40):
        pictures, captions = [], []
        for one in (family, twin):
            rng = Random(seed)
            spec = one.imagine(rng)
            pictures.append(one.draw(spec, rng).tobytes())
            captions.append(one.describe(spec, rng))
        assert pictures[0] == pictures[1]
        assert captions[0] == captions[1]


def test_two_draws_of_a_spec_differ(family: Pictograms) -> None:
    spec = PictogramSpec(("🐶",))
    assert family.draw(spec, Random(1)).tobytes() != family.draw(spec, Random(2)).tobytes()


def test_drawings_have_the_sizes_of_the_contract(family: Pictograms) -> None:
    rng = Random(0)
    for _ in range(300):
        picture = family.draw(family.imagine(rng), rng)
        assert picture.mode == "RGB"
        assert 160 <= min(picture.size) <= max(picture.size) <= 900


def test_every_concept_and_every_way_of_showing_it_is_reachable(family: Pictograms) -> None:
    rng = Random(0)
    specs = [family.imagine(rng) for _ in range(3000)]
    assert {spec.concepts[0] for spec in specs} == {"🐶", "🐱", "❤", "🇫🇷", "house", "tree"} == set(family.concepts)
    assert {spec.sign for spec in specs} == {None, "circle", "square", "diamond", "warning", "prohibition"}
    assert any(spec.tint for spec in specs)
    assert any(spec.ground for spec in specs)
    assert any(spec.count > 1 for spec in specs)
    assert any(len(spec.concepts) > 1 for spec in specs)


def test_a_red_heart_and_a_flag_are_never_drawn_in_one_ink(family: Pictograms) -> None:
    rng = Random(0)
    tinted = {spec.concepts[0] for spec in (family.imagine(rng) for _ in range(2000)) if spec.tint}
    assert tinted == {"🐶", "🐱", "house", "tree"}


def test_the_told_colour_is_that_of_the_pixels(family: Pictograms) -> None:
    picture = family.draw(PictogramSpec(("tree",), tint="red", ground="black"), Random(3)).resize((1, 1))
    red, green, blue = picture.getpixel((0, 0))
    assert red > 2 * max(green, blue)


def test_captions_name_the_thing_or_one_of_its_keywords(family: Pictograms) -> None:
    said = {word for _ in range(50) for word in family.describe(PictogramSpec(("🐶",)), Random(_)).split()}
    assert "dog" in said
    assert not said & {"cat", "kitten", "tree"}


def test_kept_keywords_are_in_no_caption(family: Pictograms) -> None:
    rng = Random(0)
    for _ in range(2000):
        spec = family.imagine(rng)
        kept = [word for concept in spec.concepts for word in family.held_out_keywords(concept)]
        assert not leaks(family.describe(spec, rng), kept)


def test_a_keyword_is_kept_for_all_emoji_that_have_it_or_for_none() -> None:
    named = {str(i): (f"thing {chr(97 + i)}", ("shared", f"one{chr(97 + i)}x", f"two{chr(97 + i)}x")) for i in range(5)}
    emoji = with_held_out(named)
    assert len({"shared" in one.held_out for one in emoji}) == 1
    assert all(1 <= len(one.held_out) <= 2 for one in emoji)
    assert all(set(one.held_out).isdisjoint(one.keywords) for one in emoji)


def test_told_keywords_are_those_that_are_not_kept(family: Pictograms) -> None:
    kept = family.held_out_keywords("🐶")
    assert set(family.told_keywords("🐶")) == {*EMOJI["1f436"][1]} - {*kept}
    assert family.told_keywords("house") == ()


def test_keyword_queries_ask_for_what_was_kept(family: Pictograms) -> None:
    queries = dict(family.keyword_queries())
    assert set(queries) == KEPT - {*TOLD_BY_OTHER_FAMILIES}
    for keyword, emoji in queries.items():
        assert emoji == {char for char, _ in family.names() if keyword in family.held_out_keywords(char)}


def test_no_icon_says_a_kept_keyword_nor_does_another_name_of_it(family: Pictograms) -> None:
    assert not [name for name in family.concepts if name.isascii() and not KEPT.isdisjoint(name.split())]
    said = {family.describe(PictogramSpec(("tree",)), Random(seed)) for seed in range(300)}
    assert any("oak" in caption for caption in said)
    assert not [caption for caption in said if leaks(caption, KEPT)]


def test_what_is_asked_for_is_said_by_no_caption_of_any_pictogram(family: Pictograms) -> None:
    rng, asked = Random(0), {stems(keyword) for keyword, _ in family.keyword_queries()}
    for _ in range(2000):
        assert asked.isdisjoint(runs([family.describe(family.imagine(rng), rng)]))


def test_words_of_frames_and_of_other_families_are_not_asked_for() -> None:
    named = {"🐶": ("dog", ("set", "this", "do", "stroke", "canine"))}
    (one,) = with_held_out(named)
    assert set(one.held_out) <= {"canine"}
    assert "gray" in TOLD_BY_OTHER_FAMILIES


def test_keywords_in_a_name_are_not_kept() -> None:
    (one,) = with_held_out({"🐶": ("dog face", ("dogs", "face", "pet"))})
    assert one == Emoji("🐶", "dog face", ("dogs", "face"), ("pet",))


def test_unseen_sets_are_drawn_only_when_asked_for(family: Pictograms) -> None:
    assert dict(family.names())["🇫🇷"] == "flag: France"
    assert family.unseen_icons() == ["house"]
    assert "boat" not in family.concepts
    assert family.draw_unseen_style("🐶", Random(0)).mode == "RGB"
    assert family.draw_unseen_icon("house", Random(0)).mode == "RGB"


def test_licences_tell_what_was_learnt_from(family: Pictograms) -> None:
    told = {about["name"]: about for about in family.licences()}
    assert told["noto"]["licence"] == "MIT"
    assert told["noto"]["glyphs"] == 4
    assert not told["openmoji"]["training"]


def test_share_alike_sets_are_not_learnt_from() -> None:
    learnt = {source.licence for source in pinned() if source.training}
    assert learnt <= {"Apache-2.0", "MIT", "ISC", "CC-BY-4.0", "CC-BY-3.0", "CC0-1.0", "OFL-1.1", "Unicode-3.0"}


def test_a_file_that_is_not_the_pinned_one_is_refused(sources: tuple[Path, tuple[Source, ...]]) -> None:
    folder, (source, *_) = sources
    with pytest.raises(ValueError, match="sha512"):
        fetch(replace(source, sha512="other"), folder / "npm")


def test_without_npm_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictogram_sources.shutil, "which", lambda _: None)
    with pytest.raises(ValueError, match="npm, which downloads it"):
        fetch(pinned()[0], tmp_path)


@pytest.mark.parametrize(
    ("icon", "words"),
    [
        ("arrow-up-circle-outline", "arrow up circle"),
        ("pie-two", "pie"),
        ("x-ray", "x ray"),
        ("4k-filled", None),
        ("wifi-strength-1", "wifi strength"),
    ],
)
def test_an_icons_name_loses_its_variant(icon: str, words: str | None) -> None:
    assert plain(icon) == words


def test_articles_fit_what_follows() -> None:
    assert with_article("scissors") == "scissors"
    told = {single("umbrella", "orange", None, None, Random(seed)) for seed in range(200)}
    assert "an umbrella in orange" in told
    assert not any("a orange" in text or "a umbrella" in text for text in told)


def test_emoji_of_a_font_become_glyphs_one_from_each_file(
    sources: tuple[Path, tuple[Source, ...]], tmp_path: Path
) -> None:
    folder, others = sources
    font = DEJAVU.read_bytes()
    files = {"package.json": {"license": "MIT AND OFL-1.1"}, "light.ttf": font, "bold.ttf": font}
    source = replace(others[1], package="@fonts/lines", licence="OFL-1.1", fonts=("light.ttf", "bold.ttf"), author="Bo")
    (tmp_path / "npm").symlink_to(folder / "npm")
    prepare(tmp_path, (*others, _tarball(folder / "npm", source, files)), n_processes=1)
    library = load(tmp_path)
    drawn = [(glyph.concept, glyph.colour) for glyph in library.glyphs if glyph.set_name == "lines"]
    assert sorted(drawn) == [("❤", False), ("❤", False), ("🐱", False), ("🐱", False)]  # DejaVu has no dog
    assert [about["author"] for about in library.sets if about["name"] == "lines"] == ["Bo"]


def test_a_font_of_another_licence_is_refused_by_name(sources: tuple[Path, tuple[Source, ...]], tmp_path: Path) -> None:
    source = replace(sources[1][1], package="@fonts/paid", fonts=("light.ttf",))
    bought = _tarball(tmp_path / "npm", source, {"package.json": {"license": "UNLICENSED"}})
    for one in sources[1]:
        (tmp_path / "npm" / one.file_name).symlink_to(sources[0] / "npm" / one.file_name)
    with pytest.raises(ValueError, match="@fonts/paid is under UNLICENSED, not MIT"):
        prepare(tmp_path, (*sources[1], bought))


def test_an_outline_stands_upright_in_the_middle_of_its_square() -> None:
    svgs = dict(font_svgs(DEJAVU.read_bytes(), 144, {"☂", "🇫🇷", "\U0010ffff"}))
    assert set(svgs) == {"☂"}
    pixels = rasterise(svgs["☂"])
    assert pixels is not None
    rows, columns = (pixels[..., 3].any(axis=axis).nonzero()[0] for axis in (1, 0))
    for inked in (rows, columns):
        assert abs(inked.min() + inked.max() - 143) <= 3
    assert pixels[:72, :, 3].sum() > pixels[72:, :, 3].sum()  # the canopy is above the handle
