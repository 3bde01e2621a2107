"""The pictograms as pixels: rasterised once into a folder, read by every process as memory maps."""

from __future__ import annotations

import hashlib
import io
import json
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.vision_tower.drawing.pictograms.emoji import Emoji, annotated, char, with_held_out
from tools.vision_tower.drawing.pictograms.fonts import font_svgs
from tools.vision_tower.drawing.pictograms.names import emoji_names, emoji_pictures, icons, synonyms
from tools.vision_tower.drawing.pictograms.sources import Source, fetch, pinned, read, read_bytes

SIDE_PX = 144
_FORMAT = 1
_WORTH_PROCESSES = 500
_INDEX, _COLOUR, _MONO = "index.json", "colour.npy", "mono.npy"


class Glyph(NamedTuple):
    """One picture; `row` is its place among the coloured or among the monochrome ones."""

    concept: str
    set_name: str
    colour: bool
    row: int


@dataclass(frozen=True)
class Library:
    """What `load` finds.

    Attributes:
        colour: (n, SIDE_PX, SIDE_PX, 4) uint8, RGBA, alpha not premultiplied.
        mono: (n, SIDE_PX, SIDE_PX) uint8, how much ink.
        synonyms: other names of an icon.
        sets: package, version, licence, author, glyphs, training; one each.
    """

    emoji: tuple[Emoji, ...]
    synonyms: dict[str, tuple[str, ...]]
    glyphs: tuple[Glyph, ...]
    sets: tuple[dict[str, Any], ...]
    colour: NDArray[np.uint8]
    mono: NDArray[np.uint8]


def prepare(folder: Path, sources: Sequence[Source] | None = None, n_processes: int | None = None) -> None:
    """Downloads, rasterises and stores what is not there yet; a few minutes the first time, nothing after."""
    sources = pinned() if sources is None else sources
    identity = hashlib.sha256(repr((_FORMAT, SIDE_PX, sources)).encode()).hexdigest()
    if (folder / _INDEX).exists() and json.loads((folder / _INDEX).read_text())["identity"] == identity:
        return
    tarballs = {source: fetch(source, folder / "npm") for source in sources}
    emoji, by_name = _emoji(tarballs)
    index: dict[str, Any] = {"identity": identity, "synonyms": {}, "sets": [], "glyphs": []}
    tasks: dict[bool, list[tuple[str, str, str]]] = {True: [], False: []}
    for source, tarball in tarballs.items():
        if source.holds == "names":
            continue
        found, author, others = _pictures(source, tarball, by_name)
        tasks[source.colour] += [(source.name, concept, svg) for concept, svg in found]
        index["sets"].append(_about(source, author))
        for name, other in others:
            index["synonyms"].setdefault(name, []).append(other)
    for colour, file in ((True, _COLOUR), (False, _MONO)):
        index["glyphs"] += _store(folder / file, tasks[colour], colour, n_processes)
    for about in index["sets"]:
        about["glyphs"] = sum(glyph.set_name == about["name"] for glyph in index["glyphs"])
    # An icon called as a kept keyword would teach it; see `with_held_out`.
    kept = {keyword for one in emoji for keyword in one.held_out}
    index["glyphs"] = [g for g in index["glyphs"] if not g.concept.isascii() or not _says_only(g.concept, kept)]
    index["emoji"] = [asdict(one) for one in emoji]
    part = folder / f"{_INDEX}.part"
    part.write_text(json.dumps(index))
    part.replace(folder / _INDEX)


def load(folder: Path) -> Library:
    """Of what `prepare` has stored; cheap, so every process does it for itself."""
    if not (folder / _INDEX).exists():
        raise ValueError(f"no pictograms in {folder}. Call glyphs.prepare(folder) first.")
    index = json.loads((folder / _INDEX).read_text())
    emoji = [{key: tuple(v) if isinstance(v, list) else v for key, v in one.items()} for one in index["emoji"]]
    return Library(
        emoji=tuple(Emoji(**one) for one in emoji),
        synonyms={name: tuple(others) for name, others in index["synonyms"].items()},
        glyphs=tuple(Glyph(*glyph) for glyph in index["glyphs"]),
        sets=tuple(index["sets"]),
        colour=np.load(folder / _COLOUR, mmap_mode="r"),
        mono=np.load(folder / _MONO, mmap_mode="r"),
    )


def _emoji(tarballs: dict[Source, Path]) -> tuple[list[Emoji], dict[str, str]]:
    """Every emoji that some set draws, and the way from a set's name to it."""
    paths = ("annotations/en/annotations.json", "annotationsDerived/en/annotations.json")
    files = [f for source, tar in tarballs.items() if source.holds == "names" for f in read(tar, *paths) if f]
    tables = [read(tar, "chars.json")[0] for source, tar in tarballs.items() if source.holds == "emoji"]
    drawn = {char(codes) for table in tables for codes in table or ()}
    emoji = with_held_out({key: entry for key, entry in annotated(*files).items() if key in drawn})
    return emoji, emoji_names(emoji, [table for table in tables if table])


def _pictures(
    source: Source, tarball: Path, by_name: dict[str, str]
) -> tuple[list[tuple[str, str]], str, list[tuple[str, str]]]:
    """Pairs of a concept and an SVG; the author; pairs of a concept and a synonym."""
    if source.fonts:
        return _of_fonts(source, tarball, set(by_name.values()))
    svgs, info, table, metadata = read(tarball, "icons.json", "info.json", "chars.json", "metadata.json")
    if info["license"]["spdx"] != source.licence:
        raise ValueError(f"{source.package} is under {info['license']['spdx']}, not {source.licence} as its pin says.")
    pairs = emoji_pictures(svgs, table, by_name) if source.holds == "emoji" else icons(svgs, metadata)
    found = [(concept, _svg(svgs, icon)) for concept, icon in pairs]
    return found, info["author"]["name"], list(synonyms(source.name, svgs))


def _of_fonts(
    source: Source, tarball: Path, known: set[str]
) -> tuple[list[tuple[str, str]], str, list[tuple[str, str]]]:
    """As `_pictures`, of fonts; emoji of several code points, which a font makes of parts, are left out."""
    (about,) = read(tarball, "package.json")
    if source.licence not in about["license"]:
        raise ValueError(f"{source.package} is under {about['license']}, not {source.licence} as its pin says.")
    found = []
    for name, content in zip(source.fonts, read_bytes(tarball, *source.fonts), strict=True):
        if content is None:
            raise ValueError(f"{source.package} {source.version} has no {name}.")
        found += font_svgs(content, SIDE_PX, known)
    return found, source.author, []


def _about(source: Source, author: str) -> dict[str, Any]:
    fields = ("package", "name", "version", "licence", "training")
    return {field: getattr(source, field) for field in fields} | {"author": author}


def _says_only(name: str, keywords: set[str]) -> bool:
    return name in keywords or name.removesuffix("s") in keywords or f"{name}s" in keywords


def _svg(svgs: dict[str, Any], icon: str) -> str:
    """The icon, centred in a square of SIDE_PX; an alias may mirror it."""
    alias = svgs.get("aliases", {}).get(icon, {})
    entry = svgs["icons"].get(alias.get("parent", icon), {})
    left, top = entry.get("left", svgs.get("left", 0)), entry.get("top", svgs.get("top", 0))
    width, height = (entry.get(side, svgs.get(side, 16)) for side in ("width", "height"))
    body = entry.get("body", "")
    if alias.get("hFlip"):
        body = f'<g transform="translate({2 * left + width} 0) scale(-1 1)">{body}</g>'
    if alias.get("vFlip"):
        body = f'<g transform="translate(0 {2 * top + height}) scale(1 -1)">{body}</g>'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{SIDE_PX}" height="{SIDE_PX}" viewBox="{left} {top} {width} {height}">{body}</svg>'
    )


def rasterise(svg: str) -> NDArray[np.uint8] | None:
    """(SIDE_PX, SIDE_PX, 4) RGBA; None for what shows nothing."""
    import resvg_py

    png = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True)
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))
    return pixels if pixels[..., 3].any() else None


def _store(path: Path, tasks: Sequence[tuple[str, str, str]], colour: bool, n_processes: int | None) -> list[Glyph]:
    """Rasterises (set, concept, SVG) one after the other into the file; what shows nothing leaves no glyph."""
    shape = (len(tasks), SIDE_PX, SIDE_PX, 4) if colour else (len(tasks), SIDE_PX, SIDE_PX)
    part = path.with_suffix(".part")
    rows = np.lib.format.open_memmap(part, "w+", np.uint8, shape)
    glyphs: list[Glyph] = []
    for (set_name, concept, _), pixels in zip(tasks, _rasterised(tasks, n_processes), strict=True):
        if pixels is not None:
            rows[len(glyphs)] = pixels if colour else pixels[..., 3]
            glyphs.append(Glyph(concept, set_name, colour, len(glyphs)))
    rows.flush()
    part.replace(path)
    return glyphs


def _rasterised(tasks: Sequence[tuple[str, str, str]], n_processes: int | None) -> Iterator[NDArray[np.uint8] | None]:
    svgs = [svg for _, _, svg in tasks]
    if len(svgs) < _WORTH_PROCESSES:
        yield from map(rasterise, svgs)
        return
    with ProcessPoolExecutor(n_processes or os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(rasterise, svgs, chunksize=64)
