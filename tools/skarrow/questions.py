# ruff: noqa: E501 - a table of questions reads better with one row a line
"""What people would ask of the dump, and where the answer is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "words find a picture nobody captioned",
    "words find a captioned picture",
    "words find a passage in a PDF",
    "words find a scanned page",
    "words find a passage",
    "a picture finds other pictures and their text",
    "words and a picture",
]

PIXELS: Kind = "words find a picture nobody captioned"
CAPTION: Kind = "words find a captioned picture"
PDF: Kind = "words find a passage in a PDF"
SCAN: Kind = "words find a scanned page"
TEXT: Kind = "words find a passage"
PICTURE: Kind = "a picture finds other pictures and their text"
BOTH: Kind = "words and a picture"

HANDBOOK, INSPECTION = "papers/handbook.pdf", "papers/inspection-2024.pdf"
ZIP = "papers/old-papers.zip!"


@dataclass(frozen=True)
class Question:
    """A question with a definite answer.

    Attributes:
        question: words; empty when only a picture is asked with.
        kind: what has to work for it.
        sources: paths in the dump, each of which answers it; for a picture, what it should bring up first.
        answer: what a right answer says; word for word in the first source where that has a text of its own.
        image: query picture, relative to `examples/`; empty for none.
        page: of the PDF, from 1; 0 elsewhere.
        needs_image_model: pixels alone lead there, so it is not expected to work without an image model.
        demo: the demo asks it.
    """

    question: str
    kind: Kind
    sources: tuple[str, ...]
    answer: str
    image: str = ""
    page: int = 0
    needs_image_model: bool = False
    demo: bool = False


QUESTIONS = (
    Question("Which month brings the most riders?", PIXELS, ("unsorted/IMG_2031.png",), "August"),
    Question("How close is the cable to the point where it has to be thrown away?", PIXELS, ("unsorted/IMG_2032.png", INSPECTION), "9 of 12 broken wires"),
    Question("How much of the pumping is done by sunshine?", PIXELS, ("unsorted/IMG_2033.png",), "64 %"),
    Question("Where do the birds steal the most desserts from people's hands?", PIXELS, ("unsorted/IMG_2034.png",), "Beacon terrace"),
    Question("When does the last ride down leave on a winter evening?", PIXELS, ("unsorted/IMG_2035.jpg",), "17:40"),
    Question("What do I pay to bring a goat?", PIXELS, ("unsorted/IMG_2036.png",), "1.00 crown"),
    Question("Who made the machine with serial number 7731?", PIXELS, ("unsorted/IMG_2037.jpg",), "Marlow & Daughters"),
    Question("What did a ride cost on the day the railway opened?", PIXELS, ("unsorted/IMG_2038.jpg",), "twopence"),
    Question("What is there to eat at the top, and how much is a crab roll?", PIXELS, ("unsorted/IMG_2039.jpg",), "5.50"),
    Question("What does it mean when I hear five strokes of the bell?", PIXELS, ("unsorted/IMG_2040.png",), "emergency, both brakes"),
    Question("At what wind speed do they stop running?", PIXELS, ("unsorted/IMG_2041.png",), "Gusts of 70 km/h", demo=True),
    Question("Somebody left a telescope on board. What will the finder get?", PIXELS, ("unsorted/IMG_2042.jpg",), "a jar of gooseberry jam", demo=True),
    Question("Is there a map that shows where the spring and the meadow are?", PIXELS, ("unsorted/IMG_2043.jpg",), "the hand-drawn map of the isle"),
    Question("How high above the water is the middle stop?", PIXELS, (f"{ZIP}/halfway.png", HANDBOOK), "63 m"),
    Question("Is there a donut chart?", PIXELS, ("unsorted/IMG_2033.png",), "Where the pump's energy came from", needs_image_model=True, demo=True),
    Question("Where is the sign that says no bicycles?", PIXELS, ("unsorted/IMG_2046.jpg", "pages/walking-up.md"), "a bicycle struck out", needs_image_model=True),
    Question("a close-up of a tabby cat with whiskers", PIXELS, ("unsorted/IMG_2048.jpg",), "a cat that looks into the camera", needs_image_model=True),
    Question("Which valve has to be shut first before the upper car may leave?", PDF, (HANDBOOK,), "the green filling cock", page=2, demo=True),
    Question("How do the two cars get past each other on a single track?", PDF, (HANDBOOK,), "flanged on the seaward side", page=3),
    Question("At what speed does the safety device bite?", PDF, (HANDBOOK,), "1.4 metres a second", page=4),
    Question("What are the brake shoes made of?", PDF, (HANDBOOK,), "elm", page=4),
    Question("What grease does the standby pump need?", PDF, (HANDBOOK,), "graphite grease", page=5),
    Question("What happens to forgotten umbrellas?", PDF, (HANDBOOK,), "lent to walkers", page=7),
    Question("By when did the inspector want a new rope?", PDF, (INSPECTION,), "before Easter 2026", page=1),
    Question("What was growing in the fire bucket?", PDF, (INSPECTION,), "geraniums", page=1),
    Question("Until when is the licence to carry passengers valid?", PDF, (INSPECTION,), "31 May 2025", page=2),
    Question("How did they free the car that was frozen in place, and what did a hen do?", SCAN, (HANDBOOK,), "two kettles and a bicycle pump", page=6, demo=True),
    Question("Is there a photograph of the old beam pump and the man who fired it?", CAPTION, ("archive/old-bess.jpg",), "Old Bess, 1912"),
    Question("Show me the crowd on the very first day", CAPTION, ("archive/opening-day.jpg",), "1894, by Edith Crane"),
    Question("A woman bringing food up to people trapped in the cold", CAPTION, ("archive/snow-1921.jpg", HANDBOOK), "Mrs. Abney on the ladder"),
    Question("What did the storm damage look like the next day?", CAPTION, ("archive/landslip-1953.jpg", HANDBOOK, "pages/history.md"), "rails hanging over the gap"),
    Question("How many strands are in the cable when it is joined?", CAPTION, ("workshop/splice.jpg",), "six"),
    Question("What is the sun-driven pump called?", CAPTION, ("workshop/roof.jpg", HANDBOOK), "Sunfish"),
    Question("What is the name of the thieving seagull?", CAPTION, ("site/visit.html",), "Gerald"),
    Question("What animal is in charge of the lower station, and how is it paid?", TEXT, ("pages/stationmaster.md",), "one sardine a day"),
    Question("How long does it take on foot?", TEXT, ("pages/walking-up.md",), "35 minutes"),
    Question("What was the donkey's name?", TEXT, ("pages/history.md",), "Parliament"),
    Question("Why did the car brake by itself in the summer of 2019?", TEXT, ("notes/crab.txt",), "a live shore crab"),
    Question("I hear ticking from the big wheel. What is wrong?", TEXT, ("notes/sounds.txt",), "a broken wire"),
    Question("How strong was the wind on the evening before the cliff gave way?", TEXT, ("notes/log-1953-10-31.txt",), "Gust of 74"),
    Question("Which boat brings visitors over, and when?", TEXT, ("site/visit.html",), "Marigold"),
    Question("How much did the first rope cost?", TEXT, (f"{ZIP}/letters/wireworks-1893.txt",), "190 crowns"),
    Question("Did the board allow another cat?", TEXT, (f"{ZIP}/board/2021-01-12.md",), "Refused, three votes to one"),
    Question("", PICTURE, ("unsorted/IMG_2037.jpg", HANDBOOK), "the Marlow P-40 pump of 1938", image="queries/plate.jpg", demo=True),
    Question("", PICTURE, ("unsorted/IMG_2032.png", INSPECTION), "wear of the haulage rope", image="queries/rope-chart.jpg"),
    Question("", PICTURE, ("unsorted/IMG_2040.png",), "the bell codes", image="queries/bells.jpg"),
    Question("", PICTURE, ("archive/gannet.jpg", "unsorted/IMG_2044.webp"), "car 1, Gannet", image="queries/blue-car.jpg", needs_image_model=True),
    Question("Is this still in use?", BOTH, (HANDBOOK, "unsorted/IMG_2037.jpg"), "kept as a standby", image="queries/plate.jpg"),
)  # fmt: skip


def write(folder: Path) -> int:
    """Writes `questions.jsonl`, one object a line; returns the number of bytes."""
    lines = [json.dumps(asdict(question), ensure_ascii=False) for question in QUESTIONS]
    data = ("\n".join(lines) + "\n").encode()
    (folder / "questions.jsonl").write_bytes(data)
    return len(data)
