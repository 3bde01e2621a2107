"""The page stays in its window, and what broke off looks like what it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.serve.page.fake_server import Fake, asset, document, hexid, record, source

from .conftest import NARROW, Watched

Look = Callable[..., Watched]
SIZES = [{"width": 1280, "height": 800}, {"width": 820, "height": 1180}, NARROW]
SLOW_MS = 20_000


def is_in_its_window(page: Page) -> bool:
    """The document is no larger than the window, and nothing has moved it."""
    found = page.evaluate(
        """() => {
            const page = document.documentElement;
            return [page.scrollHeight - innerHeight, page.scrollWidth - innerWidth, scrollY, scrollX];
        }"""
    )
    assert all(value <= 0 for value in found), found
    return True


def long_source(fake: Fake) -> None:
    """A document of many long passages, each with what only screen readers say."""
    passages = [record(f"long.pdf{n}", f"Passage {n}. " + "word " * 300, asset=asset(f"{n}")) for n in range(30)]
    passages[14]["id"] = hexid("long.pdf1")
    fake.records[hexid("long.pdf")] = passages
    channels = {name: {"raw": None, "calibrated": 0.0, "rank": None} for name in ("image", "text", "lexical")}
    fake.sources = [
        source(1, "long.pdf", "Passage 14. " + "word " * 300, channels=channels, also=[f"copy-{n}" for n in range(40)]),
        *(source(n, f"other-{n}.pdf", "word " * 60) for n in range(2, 9)),
    ]
    fake.documents = [document(f"manual-{n}.pdf") for n in range(40)]
    fake.tokens = ["An answer [1]. ", *(f"Paragraph {n} with a wrong marker [99].\n\n" for n in range(40))]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size['width']}x{size['height']}")
def test_the_page_never_outgrows_its_window(look: Look, fake: Fake, size: dict[str, int]) -> None:
    long_source(fake)
    seen = look(size=size)
    page = seen.open()
    assert is_in_its_window(page)
    for turn in range(1, 5):
        seen.answered(f"Question {turn}" + " and more" * 40, n=turn)
        assert is_in_its_window(page)
        page.locator(".turn").nth(turn - 1).locator("button.cite").first.click()
        expect(page.locator("#panel .passage").nth(4)).to_be_attached(timeout=SLOW_MS)
        assert is_in_its_window(page)
        page.locator("#panel .more").last.click()
        expect(page.locator("#panel .passage").nth(8)).to_be_attached(timeout=SLOW_MS)
        page.locator("#panel").evaluate("panel => panel.scrollTo(0, panel.scrollHeight)")
        assert is_in_its_window(page)
        if size["width"] < 1081:
            page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("#open-documents").click()
    expect(page.locator("dialog .document").first).to_be_visible(timeout=SLOW_MS)
    page.locator("dialog").evaluate("drawer => drawer.scrollTo(0, drawer.scrollHeight)")
    assert is_in_its_window(page)
    page.keyboard.press("Escape")
    page.reload()
    page.locator("#question:enabled").wait_for()
    assert is_in_its_window(page)


@pytest.mark.parametrize("size", [SIZES[0], NARROW], ids=["wide", "narrow"])
def test_the_question_of_the_last_turn_is_in_sight(look: Look, fake: Fake, size: dict[str, int]) -> None:
    long_source(fake)
    seen = look(size=size)
    page = seen.open()
    for turn in (1, 2, 3):
        seen.answered(f"Question {turn}", n=turn)
        box = page.locator(".asked h2").nth(turn - 1).bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 200


def test_a_model_that_dies_in_the_middle_is_a_failure(look: Look, fake: Fake) -> None:
    why = {"code": "answer_incomplete", "text": "the answer is not complete: the server closed the connection"}
    fake.ending, fake.notes = "broken", [why, {"code": "source_cut", "text": "another"}]
    seen = look()
    page = seen.open()
    seen.answered()
    failure = page.locator(".callout.failed")
    expect(failure).to_contain_text("The model broke off in the middle.")
    expect(failure).to_contain_text("The answer is not complete: the server closed the connection")
    expect(page.locator(".broken-off .answer-text")).to_contain_text("Replace the seal")
    expect(page.locator(".notes li")).to_have_text(["Another"])
    fake.ending, fake.notes = "complete", []
    failure.get_by_role("button", name="Try again").click()
    page.locator(".turn-actions").nth(1).wait_for()
    expect(page.locator(".turn").nth(1).locator(".callout")).to_have_count(0)


def test_a_broken_answer_is_still_one_when_it_is_shown_again(look: Look, fake: Fake) -> None:
    fake.ending = "broken"
    seen = look()
    page = seen.open()
    seen.answered()
    page.reload()
    page.locator(".history-entry").first.click()
    expect(page.locator(".callout.failed")).to_contain_text("The model broke off")


def test_what_was_written_before_a_failure_is_kept_with_it(look: Look, fake: Fake) -> None:
    fake.fail_midway = True
    seen = look()
    page = seen.open()
    seen.ask()
    expect(page.locator(".callout.failed")).to_contain_text("The model stopped")
    page.reload()
    page.locator(".history-entry").first.click()
    expect(page.locator(".callout.failed")).to_contain_text("The model stopped")
    expect(page.locator(".broken-off .answer-text")).to_contain_text("Replace the seal")


def test_a_stop_looks_like_a_stop(look: Look, fake: Fake) -> None:
    fake.hold_after = 2
    seen = look()
    page = seen.open()
    seen.ask()
    expect(page.locator(".answer-text")).to_contain_text("4,000 hours")
    page.get_by_role("button", name="Stop").click()
    stopped = page.locator(".callout.stopped")
    expect(stopped).to_contain_text("You stopped this.")
    expect(page.locator(".broken-off .answer-text")).to_contain_text("4,000 hours")
    fake.hold_after = None
    stopped.get_by_role("button", name="Ask again").click()
    expect(page.locator(".turn").nth(1).locator(".facts")).to_contain_text("qwen3")
