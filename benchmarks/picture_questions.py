"""Questions by picture with words that say nothing: is the picture's own source first, and is it cited first?

    python benchmarks/picture_questions.py [--pictures 40]

Draws pictures, ingests them into a folder of its own, and asks with each of them as somebody else has it: cut at the
edges, smaller, compressed anew.
"""

from __future__ import annotations

import argparse
import io
import math
import random
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw

import rag
from ingest.pipeline import ingest_paths

WORDINGS = (
    "What is this?",
    "What is this, and where was it taken?",
    "Tell me more about this picture",
    "find similar pictures",
    "Was ist das, und wo wurde es aufgenommen?",
    "Qu'est-ce que c'est ?",
)
SIDE_PX, N_SHAPES = 480, 6
COLOURS = ("firebrick", "seagreen", "royalblue", "goldenrod", "purple", "sienna", "teal", "black", "hotpink", "olive")
GROUNDS = ("white", "lightyellow", "lightblue", "mistyrose", "honeydew", "lavender", "gainsboro", "bisque")


def drawn(seed: int) -> Image.Image:
    """A scene of shapes, (480, 480) pixels, RGB."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (SIDE_PX, SIDE_PX), chance.choice(GROUNDS))
    pen = ImageDraw.Draw(picture)
    for _ in range(N_SHAPES):
        x, y, size = chance.randrange(40, 440), chance.randrange(40, 440), chance.randrange(40, 140)
        box, colour = (x - size, y - size * chance.uniform(0.4, 1), x + size, y + size * 0.8), chance.choice(COLOURS)
        n_corners = chance.choice((0, 0, 3, 4, 5, 6))
        if n_corners:
            pen.regular_polygon((x, y, size * 0.8), n_corners, rotation=chance.randrange(90), fill=colour)
        else:
            chance.choice((pen.ellipse, pen.rectangle, pen.rounded_rectangle))(box, fill=colour)
    for at in range(chance.randrange(0, 8)):
        pen.line((0, at * 60, SIDE_PX, at * 60 + 40 * math.sin(seed)), fill=chance.choice(COLOURS), width=5)
    return picture


def as_others_have_it(picture: Image.Image) -> bytes:
    """An encoded copy: 5 % cut off at each edge, two thirds of the size, as JPEG."""
    edge = SIDE_PX // 20
    cut = picture.crop((edge, edge, SIDE_PX - edge, SIDE_PX - edge)).resize((290, 290))
    out = io.BytesIO()
    cut.save(out, "JPEG", quality=75)
    return out.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=40)
    n = parser.parse_args().pictures
    pictures = [drawn(seed) for seed in range(n)]
    with tempfile.TemporaryDirectory() as top:
        dump = Path(top, "drawn")
        dump.mkdir()
        for at, picture in enumerate(pictures):
            picture.save(dump / f"{at:03}.png")
        settings = rag.load_settings(data_dir=Path(top, "data"), chat="extractive")
        with rag.KnowledgeBase.open("drawn", create=True, settings=settings) as kb:
            ingest_paths(kb, dump)
            for wording in WORDINGS:
                n_first = n_cited = 0
                for at, picture in enumerate(pictures):
                    answer = kb.ask(wording, image=as_others_have_it(picture))
                    right = f"{at:03}.png"
                    n_first += answer.hits[0].record.source.endswith(right)
                    cited = [citation.hit for citation in answer.citations if citation.hit is not None]
                    n_cited += bool(cited) and answer.hits[cited[0]].record.source.endswith(right)
                print(f"{n_first} of {n} first, {n_cited} of {n} cited first: {wording}", flush=True)


if __name__ == "__main__":
    main()
