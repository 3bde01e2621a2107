"""A dump in which many things differ by a letter or a digit: parts, errors, clauses, versions, addresses, books, paths.

Beside them manuals, tables and a log of an invented yard. Everything follows from a seed; nothing is anybody's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

_OTHER = Path(__file__).with_name("other_subjects.txt")
_NAMES = "Avocet Bittern Curlew Dunlin Egret Fulmar Gannet Heron Ibis Jacana Kittiwake Lapwing".split()
_PEOPLE = "Abel Bruna Cyril Dora Emil Frida Gustav Hanna Ivo Judith Karl Lotte Moritz Nora Otto Paula".split()
_FAMILIES = "Ahrens Brandt Carlsen Dahl Ebert Falk Gruber Holm Iversen Jansen".split()
_THINGS = "lamp fan hinge filter clutch gauge brake spindle nozzle roller gasket pulley latch piston sieve coil".split()
_DEEDS = "replace it|tighten it|oil it|clean it with spirit|warm it|file it down|call the fitter|turn it by hand".split(
    "|"
)
_PLACES = "attic cellar boathouse forge chapel cooperage sail loft tar shed granary tollhouse smokehouse kiln".split()
_MACHINES = "press plotter winch kettle crane loom bellows capstan dredger mangle".split()
_MATERIALS = "brass oak hemp slate copper cork linen larch tin beech".split()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with one right answer.

    Attributes:
        kind: of question.
        question: in words.
        gold: what has to stand in the answer.
        wrong: what stands in the answers of its neighbours, and may not stand in this one.
        key: the identifier asked for, empty where there is none; typed alone it has to find its record, too.
    """

    kind: str
    question: str
    gold: str
    wrong: frozenset[str] = frozenset()
    key: str = ""


@dataclass(slots=True)
class Dump:
    """What was written, and what can be asked of it; `absent` has no answer in it."""

    exact: list[Asked] = field(default_factory=list)
    plain: list[Asked] = field(default_factory=list)
    absent: list[Asked] = field(default_factory=list)


def write_dump(folder: Path, seed: int) -> Dump:
    """Writes the dump into a new folder."""
    pick, dump = Random(seed), Dump()
    for write in (_parts, _errors, _clauses, _versions, _addresses, _books, _days, _paths, _fleet, _manual, _log):
        for name, text in write(pick, dump):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    dump.exact = [each for kind in _by_kind(dump.exact) for each in pick.sample(kind, min(25, len(kind)))]
    dump.plain = [each for kind in _by_kind(dump.plain) for each in pick.sample(kind, min(34, len(kind)))][:100]
    absent = [each for kind in _by_kind(dump.absent) for each in pick.sample(kind, min(7, len(kind)))][:50]
    dump.absent = [
        *absent,
        *(Asked("another subject", question, "") for question in _OTHER.read_text(encoding="utf-8").splitlines()),
    ]
    return dump


def _by_kind(asked: Sequence[Asked]) -> list[list[Asked]]:
    return [[each for each in asked if each.kind == kind] for kind in dict.fromkeys(each.kind for each in asked)]


def _ask(
    dump: Dump, kind: str, forms: Sequence[str], facts: dict[str, str], absent: Sequence[str], pick: Random
) -> None:
    """Questions about each key of `facts`, whose value is the answer, and about keys that nobody has."""
    for key, gold in facts.items():
        wrong = frozenset(facts.values()) - {gold}
        dump.exact.append(Asked(kind, pick.choice(forms).format(key), gold, wrong, key))
    dump.absent += [Asked(kind, pick.choice(forms).format(key), "") for key in absent if key not in facts]


def _numbers(pick: Random, n: int, low: int, high: int) -> list[str]:
    return [str(number) for number in pick.sample(range(low, high), n)]


def _parts(pick: Random, dump: Dump) -> Iterator[tuple[str, str]]:
    keys = [f"KX-{pick.randrange(44, 47)}{n:02}/{letter}" for n in pick.sample(range(100), 40) for letter in "AB"]
    drawers = dict(zip(keys, (f"drawer {n}" for n in _numbers(pick, len(keys), 100, 999)), strict=True))
    forms = ["Which drawer holds the spare part {}?", "Where is {} kept?", "Where do I find part {}?"]
    _ask(dump, "part", forms, drawers, [key[:-1] + "C" for key in keys[::9]], pick)
    for at, (key, drawer) in enumerate(drawers.items()):
        words = f"The spare part {key} lies in {drawer} of the chandlery and is counted monthly by the storekeeper."
        yield f"parts/p{at:03}.txt", words


def _errors(pick: Random, dump: Dump) -> Iterator[tuple[str, str]]:
    keys = [f"E{n}" for n in sorted(pick.sample(range(11, 99), 40))]
    pairs = pick.sample([(thing, deed) for thing in _THINGS for deed in _DEEDS], len(keys))
    remedies = {key: f"The {thing} is at fault: {deed}" for key, (thing, deed) in zip(keys, pairs, strict=True)}
    forms = ["What does error {} mean?", "The press shows {}. What should I do?", "How do I clear {}?"]
    _ask(dump, "error", forms, remedies, [f"E{n}" for n in range(11, 99)][::7], pick)
    body = "\n\n".join(f"## {key}\n\n{words}." for key, words in remedies.items())
    yield "errors.md", f"# Error codes of the laundry press\n\n{body}\n"


def _clauses(pick: Random, dump: Dump) -> Iterator[tuple[str, str]]:
    keys = [f"{a}.{b}.{c}" for a in range(1, 5) for b in range(1, 5) for c in range(1, 4)]
    cases = dict(zip(keys, (f"case {n}" for n in _numbers(pick, len(keys), 200, 999)), strict=True))
    forms = ["What does clause {} govern?", "Which case is governed by clause {}?"]
    _ask(dump, "clause", forms, cases, [f"{n}.{n}.{n}" for n in range(5, 12)], pick)
    for start in range(0, len(keys), 6):
        some = keys[start : start + 6]
        words = "\n\n".join(
            f"Clause {key} of the harbour statute governs {cases[key]} of the mooring dispute." for key in some
        )
        yield f"statute/part{start // 6}.txt", words


def _versions(pick: Random, dump: Dump) -> Iterator[tuple[str, str]]:
    keys = [f"{a}.{b}.{c}" for a in (6, 7) for b in range(4) for c in range(10, 14)]
    pairs = pick.sample([(thing, place) for thing in _THINGS for place in _PLACES], len(keys))
    changes = {key: f"draws the {thing} of the {place}" for key, (thing, place) in zip(keys, pairs, strict=True)}
    forms = ["What changed in version {}?", "What is new in {}?"]
    _ask(dump, "version", forms, changes, [f"{n}.9.1" for n in range(6, 13)], pick)
    body = "\n\n".join(f"## {key}\n\n- It {words} at last." for key, words in changes.items())
    yield "CHANGES.md", f"# Change log of the plotter\n\n{body}\n"


def _addresses(pick: Random, dump: Dump) -> Iterator[tuple[str, str]]:
    people = pick.sample([(one, other) for one in _PEOPLE for other in _FAMILIES], 40)
    keys = [f"{one[0].lower()}.{other.lower()}{n % 3 or ''}@yard.example" for n, (one, other) in enumerate(people)]
    rooms = dict(zip(keys, (f"room {n}" for n in _numbers(pick, len(keys), 100, 999)), strict=True))
    forms = ["In which room does {} sit?", "Where can {} be found?"]
    _ask(dump, "address", forms, rooms, [key.replace("yard", "pier") for key in keys[::6]], pick)
    rows = "".join(
        f"<tr><td>{one} {other}</td><td>{key}</td><td>{room}</td></tr>"
        for (one, other), (key, room) in zip(people, rooms.items(), strict=True)
    )
    head = "<tr><th>Name</th><th>Address</th><th>Seat</th></tr>"
    yield (
        "staff.html",
        f"<html><title>Staff</title><body><h1>Staff of the yard</h1><table>{head}{rows}</table></body></html>",
    )


def _books(pick: Random, dump: Dump) -> Iterator[tuple[str, str]]:
    keys = [f"978-3-{pick.randrange(10, 99)}-{n:06}-{pick.randrange(10)}" for n in pick.sample(range(10**5, 10**6), 40)]
    titles = [f"The {stuff} {thing}" for stuff in _MATERIALS for thing in _THINGS]
    books = dict(zip(keys, pick.sample(titles, len(keys)), strict=True))
    forms = ["Which book has the ISBN {}?", "What is the title of {}?"]
    _ask(dump, "isbn", forms, books, [f"978-3-{n}-123456-7" for n in range(10, 17)], pick)
    yield (
        "library.csv",
        "isbn,title,copies\n" + "".join(f"{key},{title},{len(title) % 5}\n" for key, title in books.items()),
    )


def _days(pick: Random, dump: Dump) -> Iterator[tuple[str, str]]:
    keys = [
        f"19{pick.randrange(20, 40)}-{month:02}-{day:02}"
        for month in range(1, 13)
        for day in pick.sample(range(1, 29), 3)
    ]
    pairs = pick.sample([(thing, place) for thing in _MACHINES for place in _PLACES], len(keys))
    events = {key: f"the {thing} of the {place} was mended" for key, (thing, place) in zip(keys, pairs, strict=True)}
    forms = ["What happened on {}?", "What was done on {}?"]
    _ask(dump, "day", forms, events, [f"1950-{month:02}-11" for month in range(1, 8)], pick)
    yield "journal.txt", "".join(f"{key} {words} by {pick.choice(_PEOPLE)}\n" for key, words in sorted(events.items()))


def _paths(pick: Random, dump: Dump) -> Iterator[tuple[str, str]]:
    keys = [f"/etc/{machine}/{thing}.conf" for machine in _MACHINES[:5] for thing in _THINGS[:8]]
    pairs = pick.sample([(stuff, place) for stuff in _MATERIALS for place in _PLACES], len(keys))
    uses = {key: f"the {stuff} of the {place}" for key, (stuff, place) in zip(keys, pairs, strict=True)}
    forms = ["What is {} for?", "What does the file {} set?"]
    _ask(dump, "path", forms, uses, [f"/etc/{machine}/anchor.conf" for machine in _MACHINES], pick)
    body = "\n".join(f"- `{key}` sets how much is kept of {words}." for key, words in uses.items())
    yield "configuration.md", f"# Files of the yard's computer\n\n{body}\n"


def _fleet(pick: Random, dump: Dump) -> Iterator[tuple[str, str]]:
    ships = [f"{name} {n}" for n in range(1, 8) for name in _NAMES]
    columns = {"Draught in metres": 30, "Crew beds": 41, "Year of launch": 1850, "Sail area": 700}
    rows = [
        [str(low + at * step) for (low, step) in zip(columns.values(), (1, 2, 1, 3), strict=True)]
        for at in range(len(ships))
    ]
    yield (
        "fleet.csv",
        f"Vessel,{','.join(columns)}\n"
        + "".join(f"{ship},{','.join(row)}\n" for ship, row in zip(ships, rows, strict=True)),
    )
    forms = [
        "How many crew beds has the {}?",
        "What is the year of launch of the {}?",
        "What is the sail area of the {}?",
    ]
    for ship, row in zip(ships, rows, strict=True):
        at = pick.randrange(3)
        dump.plain.append(Asked("table", forms[at].format(ship), row[at + 1], frozenset(set(row) - {row[at + 1]})))
    dump.absent += [
        Asked("table", forms[0].format(f"{name} {n}"), "") for name, n in zip(_NAMES[:7], range(21, 28), strict=True)
    ]


def _manual(pick: Random, dump: Dump) -> Iterator[tuple[str, str]]:
    amounts = iter(_numbers(pick, 200, 100, 999))
    for machine in _MACHINES:
        sections = []
        for thing in pick.sample(_THINGS, 4):
            n, stuff, place = next(amounts), pick.choice(_MATERIALS), pick.choice(_PLACES)
            sections.append(
                f"## The {thing}\n\nThe {thing} of the {machine} is made of {stuff} and came from the {place}. Nobody "
                f"may touch it while the {machine} turns. It is held by a bolt, which is tightened to {n} newton "
                "metres after every storm. Whoever forgets that pays for the round, and the foreman keeps the list of "
                f"those who did in the {place}."
            )
            dump.plain.append(
                Asked("manual", f"To how many newton metres is the bolt of the {machine}'s {thing} tightened?", n)
            )
            dump.plain.append(Asked("manual", f"What is the {thing} of the {machine} made of?", f"made of {stuff}"))
        yield f"manuals/{machine}.md", f"# Manual of the {machine}\n\n" + "\n\n".join(sections) + "\n"


def _log(pick: Random, dump: Dump) -> Iterator[tuple[str, str]]:
    lines = []
    pairs = pick.sample([(machine, thing) for machine in _MACHINES for thing in _THINGS], 80)
    for at, (machine, thing) in enumerate(pairs):
        clock = f"{6 + at // 8:02}:{pick.randrange(60):02}:{at % 60:02}"
        lines.append(
            f"{clock} WARN {machine}.{thing} the {thing} of the {machine} ran hot, {pick.randrange(300, 900)} degrees"
        )
        dump.plain.append(Asked("log", f"When did the {thing} of the {machine} run hot?", clock))
    yield "plant.log", "\n".join(lines) + "\n"
