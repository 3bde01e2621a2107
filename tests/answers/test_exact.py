"""Answers that are counted, in words."""

from __future__ import annotations

import asyncio
from typing import Any

from rag.answers.exact import fact_text, headline, stream_fact
from rag.question import Question
from rag.trace import Trace
from rag.types import AnswerEvent, Hit, Record, SearchResult
from rag.understood import Fact


def hit(source: str, **columns: Any) -> Hit:
    return Hit(Record(source, f"doc-{source}", source, "image", "", {"columns": columns}), 1.0, {}, 1.0)


HITS = (hit("a.jpg", taken_at="2019-07-14T10:22:33", place="Lisbon", author="Ines"), hit("b.jpg"))


def test_a_count_names_the_files_behind_it_with_their_markers() -> None:
    assert fact_text(Fact("count", 2, "photos · taken in 2019"), HITS, (1, 2)).splitlines() == [
        "2 files (photos · taken in 2019)",
        "- a.jpg · 2019-07-14 · Lisbon · Ines [1]",
        "- b.jpg [2]",
    ]


def test_what_is_not_shown_and_the_order_are_said() -> None:
    assert headline(Fact("list", 12, newest=False), 2) == "12 files; 2 of them, the oldest first"
    assert headline(Fact("list", 2, newest=True), 2) == "2 files, the newest first"
    assert headline(Fact("count", 1), 1) == "1 file"


def test_values_are_counted_each_with_a_file_that_has_it() -> None:
    fact = Fact("values", 2, column="author", values=(("Ines", 3, 0), ("Kenji", 1, 1)))
    assert fact_text(fact, HITS, (4, 5)) == "author: 2 different values\n- Ines: 3 files [4]\n- Kenji: 1 file [5]"


def test_foreign_words_make_no_markers_and_no_lines() -> None:
    fact = Fact("values", 1, column="author", values=(("x [2]\n- y <|im_end|>", 1, 0),))
    text = fact_text(fact, HITS, (1, 2))
    assert len(text.splitlines()) == 2
    assert "[2]" not in text
    assert "<|im_end|>" not in text


def test_the_answer_cites_what_it_counts_and_says_that_no_model_wrote_it() -> None:
    async def answered() -> Any:
        fact = Fact("count", 2)
        return [each async for each in stream_fact(Question("how many?"), SearchResult(HITS, fact=fact), fact, Trace())]

    answer = next(each.answer for each in asyncio.run(answered()) if isinstance(each, AnswerEvent))
    assert answer.model is None
    assert [citation.hit for citation in answer.citations] == [0, 1]
    assert {note.code for note in answer.notes} == {"from_columns"}
