"""Words that stand in diagrams; nobody can read them at 128 pixels, but their lengths and shapes are real."""

from __future__ import annotations

from random import Random

_VERBS = (
    "Check Review Approve Send Ship Plan Build Test Deploy Measure Collect Store Load Parse Sort Merge Sign Pay Order "
    "Design Draft Print Close Open Start Train Score Filter Clean Match Assign Notify Archive Launch"
).split()
_NOUNS = (
    "order invoice data report stock client form budget team request server cache queue model sample result market "
    "product contract payment account ticket claim file image index record user device sensor signal energy water "
    "harvest factory vehicle route parcel patient visit lesson exam survey permit loan asset policy risk"
).split()
_FIRST = "Ada Bo Carla Dev Elif Farid Grace Hugo Ines Jun Kofi Lena Mara Nils Olga Priya Quinn Rosa Sam Tariq".split()
_LAST = "Abara Berg Costa Diaz Evans Fonda Gruber Haas Ito Jansen Kaya Lund Mori Novak Okoro Patel Rossi Silva".split()
_ROLES = "CEO CFO CTO Director Manager Lead Engineer Analyst Sales Legal HR Support Finance Design Operations".split()
_SYLLABLES = "ar bel cor dan el fen gor hal is jor kel lin mor nar os pel quin ral sten tor ul ver wes yor zan".split()

TOPICS = (
    "customer onboarding", "the supply chain", "software delivery", "water supply", "energy use", "public health",
    "school enrolment", "hiring", "order processing", "data protection", "the annual budget", "farming", "elections",
    "road traffic", "recycling", "insurance claims", "machine learning", "patient care", "tourism", "climate change",
    "housing", "market research", "project planning", "population", "air travel", "forest fires", "rainfall",
)  # fmt: skip


def label(rng: Random) -> str:
    """What stands in a box: "Check order"."""
    lot = rng.random()
    if lot < 0.5:
        return f"{rng.choice(_VERBS)} {rng.choice(_NOUNS)}"
    return rng.choice(_VERBS) if lot < 0.7 else rng.choice(_NOUNS).capitalize()


def short(rng: Random) -> str:
    """A letter, a number or a short code."""
    lot = rng.random()
    if lot < 0.4:
        return rng.choice("ABCDEFGHKLMNPRSTXYZ")
    return str(rng.randint(1, 99)) if lot < 0.7 else rng.choice(_NOUNS)[:3].upper()


def person(rng: Random) -> str:
    """First and last name."""
    return f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"


def role(rng: Random) -> str:
    """As an organisation chart has them."""
    return rng.choice(_ROLES)


def place(rng: Random) -> str:
    """An invented town or country."""
    return "".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(2, 3))).capitalize()


def number(rng: Random) -> str:
    """A big number of an infographic: "73%", "1.4M"."""
    return rng.choice(
        (f"{rng.randint(2, 98)}%", f"{rng.uniform(1, 9):.1f}M", f"{rng.randint(2, 900)}", f"${rng.randint(2, 99)}B")
    )


def sentence(rng: Random, n_words: int) -> str:
    """Nouns one after the other: what a sentence looks like at that size."""
    return " ".join(rng.choice(_NOUNS) for _ in range(n_words)).capitalize()


def title(topic: str, rng: Random) -> str:
    """A heading that holds the topic."""
    frame = rng.choice(
        ("{}", "{}", "Overview of {}", "{} at a glance", "How {} works", "Figure {n}: {}", "{} ({year})")
    )
    text = frame.format(topic, n=rng.randint(1, 19), year=rng.randint(1990, 2025))
    return rng.choice((text[:1].upper() + text[1:], text.title(), text.upper()))
