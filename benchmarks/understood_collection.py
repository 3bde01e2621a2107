"""A made collection for `benchmarks/understood.py`: 2,000 photographs and 300 documents with their metadata.

The same each time. Words are drawn independently of the metadata, so that only the metadata finds a date or a place.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rag.types import Document, Kind, Record, record_id

N_PHOTOGRAPHS, N_DOCUMENTS = 2000, 300
PLACES = [line.split("|") for line in (
    "Lisbon|Lisbon|Portugal", "Porto|Porto|Portugal", "Faro|Faro|Portugal", "Paris|Île-de-France|France",
    "Orange|Provence-Alpes-Côte d'Azur|France", "Nice|Provence-Alpes-Côte d'Azur|France",
    "Lyon|Auvergne-Rhône-Alpes|France",
    "Berlin|Berlin|Germany", "Munich|Bavaria|Germany", "Hamburg|Hamburg|Germany", "Vienna|Vienna|Austria",
    "Salzburg|Salzburg|Austria", "Rome|Lazio|Italy", "Florence|Tuscany|Italy", "Venice|Veneto|Italy",
    "Madrid|Madrid|Spain", "Seville|Andalusia|Spain", "Barcelona|Catalonia|Spain", "Oslo|Oslo|Norway",
    "Bergen|Vestland|Norway", "London|England|United Kingdom", "Bath|England|United Kingdom",
    "Reading|England|United Kingdom", "Edinburgh|Scotland|United Kingdom",
    "Tokyo|Tokyo|Japan", "Kyoto|Kyoto|Japan",
)]  # fmt: skip
PHOTOGRAPHERS = ("Ines Prado", "Kenji Mori", "Ada Lund", "Tom Hart", "Lena Vogt", "Marc Duval",
                 "Rosa Marín", "May Brown",
                 "Joss Pender", "Ellen Frost")  # fmt: skip
WRITERS = ("Nell Abney", "H. Vosper", "May Brown", "Peter Novak", "Claire Dubois", "Hans Keller", "April Winters",
           "Nell Abney, Tom Hart")  # fmt: skip
PEOPLE = ("Otto Lind", "Mia Stone", "Sven Berg", "Grace Hill")
CAMERAS = ("Canon EOS R6", "NIKON D90", "FUJIFILM X-T4", "Apple iPhone 12", "SONY ILCE-7M3")
KEYWORDS = ("beach", "holiday", "regatta", "wedding", "snow", "family", "market")
SUBJECTS = ("dog", "cat", "lighthouse", "bridge", "tram", "bicycle", "boat", "horse", "castle", "fountain", "garden",
            "mountain", "sunset", "train", "church", "statue", "concert", "balloon", "snowman", "windmill")  # fmt: skip
SCENES = ("near the water", "behind a fence", "in the early light", "with two children",
          "under grey clouds", "from above",
          "beside an old wall", "in the distance")  # fmt: skip
TOPICS = ("pump", "rope", "budget", "ferry", "tunnel", "brake", "ticket", "timetable", "insurance", "crane", "valve",
          "turbine", "roof", "harbour", "signal")  # fmt: skip
CATEGORIES = ("inspection", "minutes", "invoice", "manual", "memo")
ENDINGS = ("pdf", "pdf", "pptx", "docx", "eml", "html", "xlsx")
NAMES = {"pdf": "report", "pptx": "slides", "docx": "letter", "eml": "mail", "html": "page", "xlsx": "table"}
FOLDERS = ("board papers", "engineering", "correspondence", "archive")
TRIPS = ("holiday", "family", "city walks", "club outing")
TRAPS = (
    ("the-great-war.pdf", "The war of 1914 stopped the ferry; after the war of 1914 the harbour was rebuilt."),
    ("society-page.html", "Paris Hilton opened the new hotel and gave a concert."),
    ("fruit.pdf", "An orange tree needs sun; orange cars were sold to farmers who grow oranges."),
    ("visitors.pdf", "In July 2019 the number of visitors was 41,000, more than in 2018."),
    ("report-2018.pdf", "The 2018 report says that the valve of the turbine was replaced."),
    ("serial.pdf", "Pump serial number 2019 was sold. Error 2020 means that the rope is slack."),
    (
        "people.pdf",
        "May Brown married in May. Ada Lund was the first woman to climb the crane. Nell Abney was born here.",
    ),
    ("march.pdf", "The band will march in August company; may the best tune win."),
    ("camera-manual.pdf", "How to reset the Canon EOS R6: hold both buttons of the camera."),
    ("bath.pdf", "A warm bath and reading a nice book are good for you."),
)


@dataclass(frozen=True, slots=True)
class Made:
    """A file of one record."""

    record: Record
    document: Document


def collection() -> list[Made]:
    rng = random.Random(20190714)
    return [*_photographs(rng), *_documents(rng), *_traps()]


def _photographs(rng: random.Random) -> Iterator[Made]:
    first = datetime(2012, 1, 1)
    for at in range(N_PHOTOGRAPHS):
        taken = first + timedelta(minutes=rng.randrange(12 * 365 * 24 * 60))
        place, region, country = rng.choice(PLACES)
        columns: dict[str, Any] = {
            "taken_at": taken.isoformat(timespec="seconds"),
            "author": rng.choice(PHOTOGRAPHERS),
            "camera": rng.choice(CAMERAS),
            "keywords": rng.sample(KEYWORDS, rng.randrange(3)),
            "rating": rng.randrange(1, 6),
        }
        if rng.random() < 0.8:
            columns |= {"place": place, "region": region, "country": country}
        if rng.random() < 0.3:
            columns["people"] = rng.sample(PEOPLE, rng.randrange(1, 3))
        text = f"A {rng.choice(SUBJECTS)} {rng.choice(SCENES)}"
        yield _made(f"photos/{rng.choice(TRIPS)}/IMG_{at:04}.jpg", "image", text, columns)


def _documents(rng: random.Random) -> Iterator[Made]:
    for at in range(N_DOCUMENTS - len(TRAPS)):
        topic, ending = rng.choice(TOPICS), rng.choice(ENDINGS)
        made = datetime(2014, 1, 1) + timedelta(days=rng.randrange(10 * 365))
        columns: dict[str, Any] = {
            "author": rng.choice(WRITERS),
            "published" if ending in ("pdf", "html") else "created": made.date().isoformat(),
            "modified": (made + timedelta(days=rng.randrange(1, 300))).date().isoformat(),
            "category": rng.choice(CATEGORIES),
        }
        text = f"This {NAMES[ending]} is about the {topic} and what the {topic} cost; number {at} of its kind."
        yield _made(f"documents/{rng.choice(FOLDERS)}/{NAMES[ending]}-{at:03}.{ending}", "text", text, columns)


def _traps() -> Iterator[Made]:
    for name, text in TRAPS:
        yield _made(f"documents/engineering/{name}", "text", text, {"author": "Peter Novak", "published": "2021-02-03"})


def _made(source: str, kind: Kind, text: str, columns: dict[str, Any]) -> Made:
    doc_id = f"{abs(hash_of(source)):032x}"[:32]
    record = Record(record_id(doc_id, 0), doc_id, source, kind, text, {"columns": columns})
    return Made(record, Document(doc_id, source, f"/{source}", "hash", "done", 1))


def hash_of(text: str) -> int:
    import hashlib

    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")
