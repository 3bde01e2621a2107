"""Answers without a model: quotes with their sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.answers.citations import find_citations
from rag.extractive.quotable import quotable
from rag.extractive.quote import extract
from rag.text.words import content_words
from rag.types import Hit, Kind, Record


def hit(text: str, source: str = "a.md", kind: Kind = "text", **metadata: Any) -> Hit:
    return Hit(Record(source, source, source, kind, text, metadata), 1.0, {}, 1.0)


def picture(source: str, *texts: tuple[str, str]) -> Hit:
    said = [{"origin": origin, "text": text} for origin, text in texts]
    return hit(" ".join(text for _, text in texts), source, "image", texts=said)


def shared_words(question: str, passages: Sequence[str]) -> list[float | None]:
    asked = set(content_words(question))
    return [float(len(asked & set(content_words(passage)))) for passage in passages]


CARE = "The pump hums. Valve A closes first when pressure drops. Paint it every year. Gloves are advised."
RAIN = "Rain at Kestrel Point by year\n2019\n812 mm\n2020\n640 mm\nOld Mill\n300 mm\nSource: Coast Survey"


def test_the_best_sentence_is_quoted_with_its_source() -> None:
    answer = extract("Which valve closes first?", [hit("Cats purr loudly."), hit(CARE)], shared_words)
    assert answer == "- “Valve A closes first when pressure drops. Paint it every year. Gloves are advised.” [2]"


def test_what_follows_is_quoted_along_because_it_may_say_it_of_the_subject() -> None:
    text = "The post came.\n\nThe rope has nine broken wires. Twelve end its life. Renew it before Easter 2026."
    assert extract("When must the rope be renewed?", [hit(text)], shared_words).splitlines()[0] == (
        "- “The rope has nine broken wires. Twelve end its life. Renew it before Easter 2026.” [1]"
    )


def test_a_quote_ends_before_the_sentence_that_would_make_it_too_long() -> None:
    short, long = "Valve A closes first.", "It is " + "very " * 60 + "old."
    assert extract("Which valve?", [hit(f"{short} {short[:-1]}! {long}")], shared_words) == (
        "- “Valve A closes first. Valve A closes first!” [1]"
    )


def test_a_heading_is_not_quoted_but_a_scorer_reads_it_with_the_sentence() -> None:
    rope = hit("Ropes > Price\nThe sum is 190 crowns.", heading_path=["Ropes", "Price"])
    seen: list[str] = []

    def scorer(question: str, passages: Sequence[str]) -> list[float | None]:
        seen.extend(passages)
        return shared_words(question, passages)

    assert extract("What is the price of a rope?", [rope], scorer) == "- “The sum is 190 crowns.” [1]"
    assert seen == ["Ropes > Price: The sum is 190 crowns."]


def test_rows_of_a_table_stay_with_their_header_and_apart_from_each_other() -> None:
    table = hit("Year Broken wires\n\n2018 4 wires\n\n2020 5 wires")
    assert extract("Broken wires by year?", [table], shared_words) == (
        "- “Year Broken wires / 2018 4 wires / 2020 5 wires” [1]"
    )


def test_shared_words_alone_find_it_too() -> None:
    assert "Valve A closes first" in extract("Which valve closes first?", [hit(CARE)]).splitlines()[0]


def test_every_line_cites_the_hit_it_quotes() -> None:
    hits = [hit("Valve A closes first."), hit("Valve B closes last.", "b.md"), hit("Valve C never closes.", "c.md")]
    answer = extract("Which valve closes?", hits, shared_words)
    for line in answer.splitlines():
        (citation,) = find_citations(line, len(hits))
        assert citation.hit is not None
        assert hits[citation.hit].record.text in line
    assert len(answer.splitlines()) == 3


def test_the_same_sentence_in_two_sources_is_quoted_once() -> None:
    hits = [hit("Valve A closes first."), hit("Valve A closes first!", "copy.md")]
    assert extract("Which valve closes first?", hits, shared_words) == "- “Valve A closes first.” [1]"


def test_neighbouring_sentences_of_one_source_are_one_quote() -> None:
    answer = extract("valve pressure", [hit("Valve A needs pressure. Its pressure valve is red.")], shared_words)
    assert answer == "- “Valve A needs pressure. Its pressure valve is red.” [1]"


def test_a_marker_inside_a_quote_cannot_pass_for_ours() -> None:
    answer = extract("Which valve?", [hit("Valve A [3] closes first \u30107\u3011 of all.")], shared_words)
    assert [citation.number for citation in find_citations(answer, 1)] == [1]
    assert "Valve A (3) closes first (7) of all." in answer


def test_a_sign_is_quoted_whole_without_its_footer() -> None:
    answer = extract("How much rain fell at Old Mill?", [picture("rain.png", ("ocr", RAIN))], shared_words)
    assert answer == (
        "- In the picture rain.png, it reads: "
        "“Rain at Kestrel Point by year / 2019 812 mm 2020 640 mm / Old Mill: 300 mm” [1]"
    )


def test_a_large_chart_gives_its_title_heads_and_the_rows_that_were_asked_for() -> None:
    rows = "\n".join(f"Station {name} {n} mm" for n, name in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 100))
    chart = picture("rain.png", ("ocr", f"Rain by station in the long wet summer\nRain\n{rows}\nOld Mill 300 mm"))
    answer = extract("How much rain fell at Old Mill?", [chart], shared_words)
    assert answer == (
        "- In the picture rain.png, it reads: “Rain by station in the long wet summer … Rain / Old Mill 300 mm” [1]"
    )
    assert "Station A 100 mm / Station B 101 mm" in extract("xyz?", [chart], shared_words)


def test_a_scanned_page_is_quoted_by_the_sentence() -> None:
    page = "The pump hums all day and all\nnight long in the house by the\nspring. Valve A closes first when the\n"
    page += "pressure drops below two bar. Paint is\napplied to it every year by two men\nwho come up from the harbour."
    answer = extract("Which valve closes first?", [picture("page.png", ("ocr", page))], shared_words)
    assert answer == (
        "- In the picture page.png, it says: “Valve A closes first when the pressure drops below two bar. "
        "Paint is applied to it every year by two men who come up from the harbour.” [1]"
    )


def test_a_caption_is_told_from_what_is_written_in_the_picture() -> None:
    answer = extract(
        "pump cutaway", [picture("p.png", ("caption", "Cutaway of the pump."), ("ocr", "PUMP KX 200"))], shared_words
    )
    assert "In the picture p.png, caption: “Cutaway of the pump.”" in answer
    assert "it reads: “PUMP KX 200”" in answer


def test_a_picture_is_quoted_with_all_that_was_written_about_it_but_not_with_noise() -> None:
    gull = picture("g.png", ("caption", "The gull Gerald."), ("alt", "A bird that steals an ice cream."), ("ocr", "ap"))
    assert extract("Who steals the ice cream?", [gull], shared_words) == (
        "- In the picture g.png, caption: “The gull Gerald.”; alt: “A bird that steals an ice cream.” [1]"
    )
    assert "it reads: “ap”" in extract("ap", [picture("g.png", ("ocr", "ap"))], shared_words)


def test_a_picture_without_words_that_ranks_first_is_named() -> None:
    hits = [hit("", "cat.png", "image"), hit("Valve A closes.")]
    answer = extract("a sleeping animal", hits, shared_words)
    assert "The picture cat.png matches by what it shows; nothing is written about it. [1]" in answer
    known = extract("a sleeping animal", hits, shared_words, by_looks=[0])
    assert known.splitlines()[0] == "- The picture cat.png matches by what it shows; nothing is written about it. [1]"
    assert "cat.png" not in extract("a sleeping animal", hits, shared_words, by_looks=[])


def test_a_question_by_picture_alone_describes_the_nearest_in_order() -> None:
    hits = [picture("p.png", ("caption", "A pump.")), hit("Valve A closes first.")]
    first, second = extract("", [*hits]).splitlines()
    assert first.startswith("- In the picture p.png")
    assert second == "- “Valve A closes first.” [2]"


def test_a_scorer_that_runs_out_of_time_still_gives_an_answer() -> None:
    assert "Valve A" in extract("Which valve?", [hit(CARE)], lambda _, passages: [None] * len(passages))


def test_markup_control_characters_and_endless_lines_are_not_quoted() -> None:
    text = "**Valve** [A](http://x/y) \x1b[2Jcloses `first`. " + "valve " * 400
    answer = extract("valve A closes", [hit(text)], shared_words)
    assert "Valve A [2Jcloses first." in answer
    assert "\x1b" not in answer
    assert max(map(len, answer.splitlines())) < 800


def test_no_words_anywhere_give_an_empty_answer() -> None:
    assert extract("x", [hit("")]) == ""
    assert extract("x", []) == ""


def test_work_is_bounded_for_huge_passages() -> None:
    seen: list[int] = []

    def counting(question: str, passages: Sequence[str]) -> list[float | None]:
        seen.append(len(passages))
        return shared_words(question, passages)

    extract("valve number 77", [hit("\n\n".join(f"Valve number {n} is here." for n in range(5000)))] * 10, counting)
    assert seen == [48]


def test_quotable_cuts_at_a_word() -> None:
    assert quotable("one two three", 9) == "one two …"


def test_what_was_found_by_its_looks_comes_with_its_words_and_texts_without_evidence_are_not_quoted():
    hits = [picture("parts.png", ("ocr", "Solar 64 %")), hit("Leek soup 3.20 crowns."), hit("Valve A closes first.")]
    assert extract("Is there a donut chart?", hits, shared_words, by_looks=[0], may_quote=[]) == (
        "- The picture parts.png matches by what it shows; it reads: “Solar 64 %” [1]"
    )
    both = extract("Which valve closes first?", hits, shared_words, by_looks=[0], may_quote=[2])
    assert [line[-3:] for line in both.splitlines()] == ["[1]", "[3]"]


ERRORS = [
    hit(f"Errors > {code}\nThe {what} is at fault.", f"{code}.md", heading_path=["Errors", code])
    for code, what in (("E24", "lamp"), ("E21", "fan"), ("E12", "door"))
]


def test_what_is_asked_for_to_the_letter_is_quoted_and_its_neighbours_are_not() -> None:
    assert extract("What does error E21 mean?", ERRORS, shared_words) == "- “The fan is at fault.” [2]"
    both = extract("E21 or E12?", ERRORS, shared_words)
    assert "fan" in both
    assert "door" in both
    assert "lamp" not in both


def test_a_row_is_quoted_with_its_columns_and_without_the_rows_behind_it() -> None:
    rows = "\n".join(f"| Heron {n} | {n + 40} |" for n in range(1, 9))
    table = hit(f"Fleet\n| Vessel | Crew beds |\n| --- | --- |\n{rows}", heading_path=["Fleet"])
    answer = extract("How many crew beds has Heron 5?", [table], shared_words).splitlines()[0]
    assert "Vessel: Heron 5; Crew beds: 45" in answer
    assert "Heron 6" not in answer


def test_a_second_source_that_says_nothing_of_the_question_is_left_out() -> None:
    def scorer(question: str, passages: Sequence[str]) -> list[float | None]:
        return [3.0 if "car" in passage else 1.0 if "soup" in passage else 0.0 for passage in passages]

    hits = [hit("The car froze at the top of the line."), hit("Old boots."), hit("Hot soup for all of us.", "b.md")]
    answer = extract("Why did the car freeze?", hits, scorer)
    assert "car froze" in answer
    assert "soup" not in answer


def test_a_section_that_is_headed_by_what_is_asked_for_is_quoted_from_its_beginning() -> None:
    text = "Errors > E21\nThe fan is blocked. Clean the intake grille. Mind E24, the lamp."
    answer = extract("What must I clean at error E21?", [hit(text, heading_path=["Errors", "E21"])], shared_words)
    assert answer == "- “The fan is blocked. Clean the intake grille.” [1]"
