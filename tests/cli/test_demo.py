"""The main job on the sample dump: real input in, right answers out."""

import json

import pytest

from ingest import ingest_paths
from rag import KnowledgeBase
from rag.cli.demo import demo_questions, examples_folder, run_demo

EXAMPLES = examples_folder()
QUESTIONS = [json.loads(line) for line in (EXAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def report(data_dir):
    with KnowledgeBase.open("demo", create=True, data_dir=data_dir, chat="extractive") as kb:
        return ingest_paths(kb, [EXAMPLES / "dump"])


@pytest.fixture(scope="module")
def kb(data_dir, report):
    with KnowledgeBase.open("demo", data_dir=data_dir, chat="extractive") as kb:
        yield kb


def asked(kb, row, top_k):
    return kb.ask(row["question"], image=EXAMPLES / row["image"] if row["image"] else None, top_k=top_k)


def right(row, hits):
    """Ranks from 1 of the hits that are an expected source, on the expected page where one is named."""
    expected = {f"dump/{source}" for source in row["sources"]}
    return [
        rank
        for rank, hit in enumerate(hits, start=1)
        if expected & {hit.record.source, *hit.also} and row["page"] in (0, hit.record.metadata.get("page", 0))
    ]


def test_all_but_the_two_broken_documents_go_in(report):
    assert {failure.source for failure in report.failed} == {
        "dump/papers/sealed-tender.pdf",
        "dump/unsorted/IMG_2045.jpg",
    }
    assert report.new == report.documents - 2 >= 30


@pytest.mark.parametrize("row", demo_questions(EXAMPLES), ids=lambda row: row["question"] or row["image"])
def test_a_demo_question_finds_its_source_first(kb, row):
    answer = asked(kb, row, top_k=5)
    assert 1 in right(row, answer.hits)
    assert answer.citations
    assert answer.citations[0].hit is not None


def test_most_questions_find_their_source_among_the_first_five(kb):
    found = [bool(right(row, asked(kb, row, top_k=5).hits)) for row in QUESTIONS]
    assert sum(found) / len(found) >= 0.9, [row["question"] for row, ok in zip(QUESTIONS, found, strict=True) if not ok]


def test_a_question_about_something_else_gets_no_answer(kb):
    answer = kb.ask("What is the capital of Mongolia?")
    assert answer.text.startswith("I found nothing")
    assert any("no evidence" in note.text for note in answer.notes)


def test_the_demo_command_runs_to_its_end_and_embeds_nothing_again(data_dir, kb, capfd, monkeypatch):
    kb.close()  # the command opens the store itself
    monkeypatch.setenv("RAG_DATA_DIR", str(data_dir))
    monkeypatch.setenv("RAG_CHAT", "extractive")
    run_demo("demo")
    shown = capfd.readouterr().out
    assert "0 new" in shown
    assert shown.count("Sources:") == len(demo_questions(EXAMPLES))
