"""Every question has its answer in the dump."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from PIL import Image

from tools.skarrow.tests.committed import DUMP, EXAMPLES, QUESTIONS, pdf_text


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q["question"] or q["image"])
def test_every_question_has_sources_that_exist(question: dict[str, Any]) -> None:
    assert question["question"] or question["image"]
    assert question["answer"]
    for source in question["sources"]:
        outer, _, member = source.partition("!/")
        assert (DUMP / outer).is_file()
        if member:
            with zipfile.ZipFile(DUMP / outer) as archive:
                assert member in archive.namelist()
    if question["image"]:
        with Image.open(EXAMPLES / question["image"]) as image:
            image.load()


@pytest.mark.parametrize("question", [q for q in QUESTIONS if "passage" in q["kind"]], ids=lambda q: q["question"])
def test_the_answer_to_a_question_about_a_text_is_in_it_word_for_word(question: dict[str, Any]) -> None:
    outer, _, member = question["sources"][0].partition("!/")
    data = (DUMP / outer).read_bytes()
    if member:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read(member)
    text = pdf_text(data)[question["page"] - 1] if question["page"] else data.decode()
    assert question["answer"] in " ".join(text.split())


def test_the_demo_asks_5_to_7_questions_one_of_each_kind_and_of_a_drawing_without_words() -> None:
    demo = [question for question in QUESTIONS if question["demo"]]
    assert 5 <= len(demo) <= 7
    seen = [question["sources"] for question in demo if question["needs_image_model"]]
    assert seen == [["unsorted/IMG_2033.png"]]
    assert {question["kind"] for question in demo} >= {
        "words find a picture nobody captioned",
        "words find a passage in a PDF",
        "a picture finds other pictures and their text",
    }
    assert len(QUESTIONS) >= 37
