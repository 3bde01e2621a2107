"""What is around the questions: start, errors, filter, token, history, documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.serve.page.fake_server import Fake, asset, document, facet, hexid, record

from .conftest import Watched

Look = Callable[..., Watched]


def test_the_first_screen_offers_starts_from_the_documents(look: Look, fake: Fake) -> None:
    fake.documents = [document("a/guide.md"), document("b/cat.jpg")]
    fake.records = {
        hexid("a/guide.md"): [record("1", "x", heading_path=["Guide", "Feeding the cat"])],
        hexid("b/cat.jpg"): [record("2", "x", asset=asset("cat"))],
    }
    page = look().open()
    page.get_by_role("button", name="Ask with this picture").click()
    expect(page.locator(".preview-name")).to_have_text("cat.jpg")
    page.get_by_role("button", name="Remove the picture").click()
    page.get_by_role("button", name="Feeding the cat").click()
    page.locator(".turn-actions").wait_for()
    assert fake.asked[0]["question"] == "What do the documents say about “Feeding the cat”?"


def test_without_a_knowledge_base_it_says_what_to_type(look: Look, fake: Fake) -> None:
    fake.kbs = []
    seen = look()
    seen.page.goto(seen.url)
    expect(seen.page.locator(".command pre")).to_have_text(["ingest PATH --kb mine", "rag demo"])
    expect(seen.page.locator("#question")).to_be_hidden()


def test_the_chosen_knowledge_base_is_remembered(look: Look, fake: Fake) -> None:
    seen = look()
    page = seen.open()
    page.get_by_label("Knowledge base").select_option("pictures")
    expect(page.locator(".hero")).to_contain_text("pictures")
    seen.open()
    expect(page.get_by_label("Knowledge base")).to_have_value("pictures")
    seen.answered()
    assert fake.asked[0]["kb"] == "pictures"


@pytest.mark.parametrize(
    ("refuse", "shown"),
    [
        ((409, {"type": "fingerprint_mismatch", "message": "built with other models"}, {}), "Built with other models"),
        ((503, {"type": "store_error", "message": "the store failed"}, {}), "The store failed"),
        ((500, {}, {}), "The server answered with status 500."),
    ],
)
def test_a_refusal_is_said_and_can_be_tried_again(look: Look, fake: Fake, refuse: Any, shown: str) -> None:
    fake.refuse = refuse
    seen = look()
    page = seen.open()
    seen.ask()
    expect(page.locator(".callout.failed .message")).to_have_text(shown)
    fake.refuse = None
    page.get_by_role("button", name="Try again").click()
    page.locator(".turn-actions").wait_for()
    expect(page.locator(".turn")).to_have_count(1)


def test_what_would_be_refused_again_offers_no_other_try(look: Look, fake: Fake) -> None:
    fake.refuse = (415, {"type": "image_error", "message": "this is no picture"}, {})
    seen = look()
    page = seen.open()
    seen.ask()
    expect(page.locator(".callout.failed .message")).to_have_text("This is no picture")
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)


def test_what_to_do_names_the_model_that_is_set(look: Look, fake: Fake) -> None:
    fake.model, fake.chat_model = None, "gemma3:12b"
    fake.notes = [{"code": "chat_unreachable", "text": "no Ollama server answers"}]
    seen = look()
    page = seen.open()
    seen.answered()
    page.locator(".quoted summary").click()
    expect(page.locator(".quoted pre")).to_have_text("ollama serve\nollama pull gemma3:12b")


def test_a_busy_server_is_given_its_time(look: Look, fake: Fake) -> None:
    fake.refuse = (429, {"type": "too_busy", "message": "too many questions"}, {"Retry-After": "1"})
    seen = look()
    page = seen.open()
    seen.ask()
    expect(page.get_by_role("button", name="Try again in 1 s")).to_be_disabled()
    expect(page.get_by_role("button", name="Try again", exact=True)).to_be_enabled()


def test_what_was_understood_is_shown_and_taken_off_again(look: Look, fake: Fake) -> None:
    heard = {
        "column": "taken_at", "operator": "=", "value": "2019-07", "certainty": "certain", "said": "from July 2019",
        "where": "taken_at = 2019-07", "label": "taken in July 2019",
    }  # fmt: skip
    hostile = heard | {"certainty": "likely", "said": "Rome", "label": "<img src=x onerror=window.pwned=1>"}
    fake.understood = [heard, hostile]
    seen = look()
    page = seen.open()
    seen.ask("Photos from July 2019 of Rome")
    expect(page.locator(".heard .chip")).to_have_text(["taken in July 2019", f"rather {hostile['label']}"])
    assert page.evaluate("window.pwned") is None
    fake.understood = []
    page.get_by_role("button", name="Ask without: taken in July 2019").click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn").nth(1).locator(".heard")).to_have_count(0)
    assert fake.asked[1]["as_words"] == ["from July 2019"]


def test_a_failure_midway_keeps_what_came(look: Look, fake: Fake) -> None:
    fake.fail_midway = True
    seen = look()
    page = seen.open()
    seen.ask()
    expect(page.locator(".callout.failed")).to_contain_text("The model stopped")
    expect(page.locator(".answer-text")).to_contain_text("4,000 hours")


def test_a_server_that_is_gone_is_said(look: Look, fake: Fake) -> None:
    seen = look()
    page = seen.open()
    page.route("**/v1/ask", lambda route: route.abort("connectionrefused"))
    seen.ask()
    expect(page.locator(".callout.failed")).to_contain_text("Is ‘rag serve’ still running?")
    page.route("**/v1/kb", lambda route: route.abort("connectionrefused"))
    page.reload()
    expect(page.locator(".hero [role=alert]")).to_contain_text("The server does not answer")
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#question")).to_be_enabled()


def test_a_wrong_filter_is_shown_at_its_place_and_the_question_is_kept(look: Look, fake: Fake) -> None:
    pointer = "expected a comparison\n  year 1953\n       ^"
    fake.refuse = (422, {"type": "filter_syntax_error", "message": pointer, "position": 5}, {})
    seen = look()
    page = seen.open()
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("button", name="year", exact=True).click()
    page.locator("#where").press_sequentially(" 1953")
    seen.ask("Which one?")
    expect(page.locator(".where-error")).to_have_text(pointer)
    expect(page.locator("#where")).to_have_attribute("aria-invalid", "true")
    assert page.evaluate("document.querySelector('#where').selectionStart") == 5
    expect(page.locator("#question")).to_have_value("Which one?")
    expect(page.locator(".turn")).to_have_count(0)
    fake.refuse = None
    page.fill("#where", "year = 1953")
    expect(page.locator(".where-error")).to_be_hidden()
    seen.answered("Which one?")
    assert fake.asked[1]["where"] == "year = 1953"
    expect(page.locator(".asked-where")).to_have_text("year = 1953")


def test_what_there_is_can_be_picked_for_the_filter_by_time_place_and_value(look: Look, fake: Fake) -> None:
    fake.facets = {
        "documents": 9,
        "columns": [
            facet("taken_at", {"2019-07-14": 1}, {"2017": 2, "2019": 4, "2020": 1}),
            facet("author", {'Nell "N" Abney': 5, "Ada": 2}),
            facet("odd name", {7: 1}),
        ],
        "points": [{"lat": 38.7, "lon": -9.1, "documents": 3}, {"lat": 59.9, "lon": 10.7, "documents": 1}],
    }
    seen = look()
    page = seen.open()
    page.get_by_role("button", name="Filter").click()
    where = page.locator("#where")
    expect(page.locator(".years > *")).to_have_count(4)  # 2018, too, in which there is nothing
    page.get_by_role("button", name="2019: 4 documents").click()
    expect(where).to_have_value("taken_at = 2019")
    page.get_by_role("button", name="2020: 1 document").click()
    expect(where).to_have_value("taken_at = 2020")
    page.get_by_role("button", name="Abney").click()
    page.get_by_role("button", name="Ada").click()
    expect(where).to_have_value('taken_at = 2020 and author = "Ada"')
    where.fill("")
    page.get_by_role("button", name="7 1").click()
    page.locator(".map .point").first.focus()
    page.keyboard.press("Enter")
    expect(where).to_have_value('"odd name" = 7 and lat >= 38.65 and lat <= 38.75 and lon >= -9.15 and lon <= -9.05')


def test_a_token_is_asked_for_kept_in_the_tab_and_sent_for_pictures_too(look: Look, fake: Fake) -> None:
    fake.token = "correct-horse-battery"
    seen = look()
    page = seen.page
    page.goto(seen.url)
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("button", name="Enter the token").click()
    page.get_by_role("textbox", name="Token").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.locator("dialog .trouble")).to_have_text("That token is not accepted here.")
    page.get_by_role("textbox", name="Token").fill(fake.token)
    page.keyboard.press("Enter")
    page.locator("#question:enabled").wait_for()
    seen.answered()
    expect(page.locator(".source .thumb img")).to_have_js_property("naturalWidth", 96)
    assert page.locator(".source .thumb img").get_attribute("src", timeout=1000).startswith("blob:")
    assert page.evaluate("[sessionStorage['rag.token'], JSON.stringify(localStorage).includes('correct-horse')]") == [
        fake.token,
        False,
    ]


def test_conversations_are_kept_shown_again_and_deleted(look: Look, fake: Fake) -> None:
    seen = look()
    page = seen.open()
    seen.answered("First question")
    page.locator("#new-conversation").click()
    seen.answered("Second question")
    seen.open()
    expect(page.locator(".history-entry")).to_have_text(["Second question", "First question"])
    page.locator(".history-entry").last.click()
    expect(page.locator(".turn h2")).to_have_text("First question")
    page.locator("button.cite").first.click()
    expect(page.locator("#panel")).to_contain_text("pump.pdf")
    seen.answered("Third", n=2)
    assert fake.asked[-1]["history"][0]["question"] == "First question"
    page.locator("li", has_text="Second question").hover()
    page.get_by_role("button", name="Delete “Second question”").click()
    expect(page.locator(".history-entry")).to_have_count(1)


def test_deleting_all_conversations_is_confirmed(look: Look, fake: Fake) -> None:
    seen = look()
    page = seen.open()
    seen.answered("First")
    page.locator("#new-conversation").click()
    seen.answered("Second")
    page.get_by_role("button", name="Delete all conversations").click()
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".history-entry")).to_have_count(2)
    page.get_by_role("button", name="Delete all conversations").click()
    page.get_by_role("button", name="Delete all", exact=True).click()
    expect(page.locator(".history-entry")).to_have_count(0)
    assert page.evaluate("localStorage['rag.conversations']") == "[]"


def test_what_is_kept_and_broken_does_not_break_the_page(look: Look, fake: Fake) -> None:
    seen = look()
    seen.page.add_init_script(
        "localStorage['rag.conversations'] = '[{\"id\": 3}, null'; localStorage['rag.kb'] = 'gone'"
    )
    seen.open()
    seen.answered()


def test_a_conversation_with_a_knowledge_base_that_is_gone_can_still_be_read(look: Look, fake: Fake) -> None:
    seen = look()
    page = seen.open()
    page.get_by_label("Knowledge base").select_option("pictures")
    page.locator(".hero strong", has_text="pictures").wait_for()
    seen.answered("Of old")
    del fake.kbs[1]
    seen.open()
    page.locator(".history-entry").click()
    expect(page.locator(".answer-text")).to_contain_text("4,000 hours")


def test_documents_are_searched_and_deleted(look: Look, fake: Fake) -> None:
    fake.documents = [
        document("a/guide.md"),
        document("b/bad.pdf", state="failed", error="it is encrypted"),
        document("c.txt"),
    ]
    page = look().open()
    page.get_by_role("button", name="Documents").click()
    expect(page.locator(".document")).to_have_count(3)
    page.get_by_role("button", name="Failed").click()
    expect(page.locator(".document .reason")).to_have_text(["it is encrypted"])
    page.get_by_role("button", name="All").click()
    page.get_by_label("Search names and titles").fill("c.t")
    expect(page.locator(".document")).to_have_count(1)
    page.get_by_role("button", name="Delete c.txt").click()
    page.get_by_role("button", name="Keep").click()
    assert fake.deleted == []
    page.get_by_role("button", name="Delete c.txt").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".documents-bar + .fine")).to_have_text("No document is like that.")
    assert fake.deleted == [hexid("c.txt")]


def test_an_upload_shows_what_became_of_each_file(look: Look, fake: Fake) -> None:
    files = [
        {"name": "good.txt", "doc_id": "1", "state": "done", "n_records": 2, "error": ""},
        {"name": "bad.pdf", "doc_id": "2", "state": "failed", "n_records": 0, "error": "it is encrypted"},
    ]
    fake.job_files, fake.job_ends = files, {"failed": 1}
    page = look().open()
    page.get_by_role("button", name="Documents").click()
    chosen: Any = [{"name": each["name"], "mimeType": "text/plain", "buffer": b"x"} for each in files]
    page.set_input_files("dialog input[type=file]", chosen)
    expect(page.locator(".job-words")).to_have_text("Done · 1 failed")
    expect(page.locator(".upload-failed")).to_have_text("bad.pdf: it is encrypted")
    assert fake.uploaded == ["good.txt", "bad.pdf"]
