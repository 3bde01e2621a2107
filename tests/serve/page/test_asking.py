"""Asking on the page: the stream, its sources, Stop, pictures, follow-ups."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.no_ollama import DEAD_URL
from tests.serve.page.fake_server import Fake, hexid, picture, record, source

from .conftest import NARROW, Watched

Look = Callable[..., Watched]
COPIED = """() => Promise.race([
    navigator.clipboard.readText(),
    new Promise((_, fail) => setTimeout(() => fail("the clipboard does not answer"), 20000)),
])"""
DOWN = f"no Ollama server answers at {DEAD_URL}"


def test_an_answer_streams_in_and_its_sources_come_first(look: Look, fake: Fake) -> None:
    fake.hold_after = 1
    seen = look()
    page = seen.open()
    seen.ask("When is the seal replaced?")
    expect(page.locator(".source")).to_have_count(3)
    expect(page.locator(".answer-text")).to_have_text("Replace the seal")
    expect(page.locator(".answer-text")).to_have_attribute("aria-busy", "true")
    fake.go_on.set()
    expect(page.locator(".answer-text strong")).to_have_text("4,000 hours")
    expect(page.locator(".answer-text")).to_have_attribute("aria-busy", "false")
    expect(page.locator(".facts")).to_have_text(re.compile(r"^qwen3:4b-instruct · \d+\.\d s$"))
    expect(page.locator(".source.uncited")).to_have_count(1)
    asked = {"kb": "manuals", "question": "When is the seal replaced?", "image": None, "where": "", "history": []}
    assert fake.asked == [{**asked, "stream": True}]


def test_the_chat_model_is_loaded_while_the_first_question_is_typed(look: Look, fake: Fake) -> None:
    page = look().open()
    assert fake.warmed == []
    with page.expect_response("**/v1/kb/manuals/warm"):
        page.get_by_label("Question").press_sequentially("When is")
    assert fake.warmed == ["manuals"]
    assert fake.asked == []


def test_stop_ends_the_request_and_keeps_what_was_written(look: Look, fake: Fake) -> None:
    fake.hold_after = 2
    seen = look()
    page = seen.open()
    seen.ask()
    expect(page.locator(".answer-text")).to_contain_text("4,000 hours")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".facts")).to_have_text("Stopped")
    assert was_cancelled(fake)
    expect(page.locator("button.cite")).to_have_count(1)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()


def test_a_marker_opens_its_source_with_its_neighbours_and_its_scores(look: Look, fake: Fake) -> None:
    texts = ["Before.", "The seal has to be replaced every 4,000 hours.", "After.", "Much later."]
    fake.records[hexid("manuals/pump.pdf")] = [record(f"manuals/pump.pdf{n}", text) for n, text in enumerate(texts)]
    seen = look()
    seen.open()
    page = seen.answered()
    page.locator(".answer-text button.cite").first.click()
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", level=2)).to_have_text("pump.pdf")
    expect(panel).to_contain_text("Page 12")
    expect(panel.locator(".panel-headings")).to_have_text("Maintenance›Seals")
    expect(panel.locator(".passage.cited")).to_have_text(texts[1])
    expect(panel.locator(".passage")).to_have_text(texts)
    expect(panel.locator(".score")).to_have_text(
        [
            re.compile("Pixels.*not asked"),
            re.compile(r"Meaning.*\+4\.9 σ"),
            re.compile("Words.*—"),
            re.compile(r"Reranker.*0\.90"),
        ]
    )
    expect(panel.locator(".score").nth(1)).to_have_attribute(
        "title", re.compile("4.90 standard deviations .* raw score 0.66")
    )
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.locator(".answer-text button.cite").first).to_be_focused()


def test_a_picture_source_is_shown_and_can_be_asked_with(look: Look, fake: Fake) -> None:
    seen = look()
    seen.open()
    page = seen.answered()
    page.get_by_role("button", name="Source 2: seal.png").click()
    expect(page.locator("#panel .panel-picture img")).to_have_js_property("naturalWidth", 96)
    expect(page.locator("#panel")).to_contain_text("copies/seal-2.png")
    page.get_by_role("button", name="Ask with this picture").click()
    expect(page.locator(".preview img")).to_be_visible()
    page.press("#question", "Enter")
    page.locator(".turn-actions").nth(1).wait_for()
    assert fake.asked[1]["question"] == ""
    assert fake.asked[1]["image"].startswith("data:image/png;base64,")


def test_a_picture_alone_is_a_question_and_can_be_taken_back(look: Look, fake: Fake) -> None:
    seen = look()
    page = seen.open()
    send = page.get_by_role("button", name="Ask", exact=True)
    file: Any = {"name": "part.png", "mimeType": "image/png", "buffer": picture("part")}
    expect(send).to_be_disabled()
    page.set_input_files("input[type=file]", file)
    expect(page.locator(".preview-name")).to_have_text("part.png")
    page.get_by_role("button", name="Remove the picture").click()
    expect(send).to_be_disabled()
    page.set_input_files("input[type=file]", file)
    expect(send).to_be_enabled()
    send.click()
    page.locator(".turn-actions").wait_for()
    assert fake.asked[0]["image"].startswith("data:image/png;base64,")
    expect(page.locator(".asked-picture")).to_be_visible()


def test_what_is_pasted_or_dropped_is_taken_if_it_is_a_picture(look: Look, fake: Fake) -> None:
    seen = look()
    page = seen.open()
    send_event = """([selector, kind, name, type, bytes]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], name, { type }));
        const options = { bubbles: true, cancelable: true };
        const event = kind === "paste"
            ? new ClipboardEvent(kind, { ...options, clipboardData: data })
            : new DragEvent(kind, { ...options, dataTransfer: data });
        document.querySelector(selector).dispatchEvent(event);
    }"""
    pixels = list(picture("part"))
    page.evaluate(send_event, ["#question", "paste", "pasted.png", "image/png", pixels])
    expect(page.locator(".preview-name")).to_have_text("pasted.png")
    page.evaluate(send_event, [".thread", "drop", "dropped.png", "image/png", pixels])
    expect(page.locator(".preview-name")).to_have_text("dropped.png")
    page.evaluate(send_event, [".thread", "drop", "a.pdf", "application/pdf", [1]])
    expect(page.get_by_role("dialog")).to_contain_text("a.pdf will be part of manuals")
    page.get_by_role("button", name="Cancel").click()
    page.evaluate(send_event, [".thread", "drop", "broken.heic", "image/heic", [1, 2]])
    expect(page.locator(".preview-name")).to_have_text("broken.heic")


def test_a_follow_up_carries_what_was_said(look: Look, fake: Fake) -> None:
    seen = look()
    seen.open()
    seen.answered("When is the seal replaced?")
    seen.answered("And who does it?", n=2)
    said = "Replace the seal every **4,000 hours** [1], as the picture shows [2]."
    assert fake.asked[1]["history"] == [{"question": "When is the seal replaced?", "answer": said}]
    seen.page.keyboard.press("Escape")
    seen.page.locator("#new-conversation").click()
    expect(seen.page.locator(".turn")).to_have_count(0)
    seen.answered("Alone")
    assert fake.asked[2]["history"] == []


def note(code: str, text: str) -> dict[str, str]:
    return {"code": code, "text": text}


def test_quotes_are_labelled_with_what_to_do(look: Look, fake: Fake) -> None:
    fake.model, fake.notes = (
        None,
        [note("no_model", "quoted"), note("chat_unreachable", DOWN), note("x", "one was slow")],
    )
    seen = look()
    seen.open()
    page = seen.answered()
    label = page.locator(".callout.quoted")
    expect(label).to_contain_text("no language model wrote this")
    label.locator("summary").click()
    expect(label).to_contain_text("ollama serve")
    expect(label).to_contain_text(f"N{DOWN[1:]}")
    expect(page.locator(".notes li")).to_have_text(["One was slow"])


def test_no_evidence_is_not_called_a_quote(look: Look, fake: Fake) -> None:
    fake.model, fake.notes = None, [note("no_evidence", "nothing is close enough")]
    seen = look()
    seen.open()
    page = seen.answered()
    expect(page.locator(".callout")).to_contain_text("Nothing here answers this.")
    expect(page.locator(".callout.quoted")).to_have_count(0)


def test_markers_are_read_as_the_server_reads_them(look: Look, fake: Fake) -> None:
    fake.tokens = [
        "Ranges [1-3], lists [2; 3], wide 【1†L3-L9】, named [Source 2], invented [7] and `[3]`.\n\n[1]: https://evil.example\n\n[2](x)"
    ]
    seen = look()
    seen.open()
    page = seen.answered()
    marks = page.locator(".answer-text .cite")
    assert [text.split()[0] for text in marks.all_text_contents()] == [*"123231273", "1", "2"]
    expect(page.locator(".cite.missing")).to_have_attribute("title", re.compile("no source 7"))
    expect(page.locator(".answer-text a")).to_have_count(1)
    expect(page.locator(".answer-text a")).to_have_attribute("rel", "noopener noreferrer nofollow")


def test_markdown_is_shown_as_such(look: Look, fake: Fake) -> None:
    fake.tokens = [
        "# A\n\n1. one\n2. two\n\n| a | b |\n|---|--:|\n| 1 | 2 [1] |\n\n",
        "```py\nx[1]\n```\n\n> said\n\n- [x] done",
    ]
    seen = look()
    seen.open()
    page = seen.answered()
    text = page.locator(".answer-text")
    expect(text.locator("td").nth(1)).to_have_attribute("align", "right")
    expect(text.locator("td button.cite")).to_have_count(1)
    expect(text.locator("pre button")).to_have_count(0)
    expect(text.locator("li").last).to_have_text("☑ done")
    page.get_by_role("button", name="Copy the code").click()
    expect(page.locator("#status")).to_have_text("Copied")
    assert page.evaluate(COPIED) == "x[1]\n"


def test_an_answer_is_copied_with_the_sources_that_it_cites(look: Look, fake: Fake) -> None:
    seen = look()
    seen.open()
    page = seen.answered()
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.locator("#status")).to_have_text("Copied")
    assert page.evaluate(COPIED) == (
        "Replace the seal every **4,000 hours** [1], as the picture shows [2].\n\n"
        "Sources:\n[1] manuals/pump.pdf, page 12\n[2] pictures/seal.png\n"
    )


def test_on_a_narrow_screen_the_source_is_a_sheet_over_the_answer(look: Look, fake: Fake) -> None:
    fake.sources = [source(1, "a/" + "long name " * 12 + "end.pdf", "word" * 80), source(2, "b.txt", "x")]
    seen = look(size=NARROW)
    seen.open()
    page = seen.answered("W" * 300)
    page.locator("button.cite").first.click()
    panel = page.locator("#panel")
    expect(panel).to_have_attribute("role", "dialog")
    box = panel.bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["y"] + box["height"])) == (390, 844)
    assert page.evaluate("document.querySelector('.main').inert")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator("#scrim").click(position={"x": 10, "y": 10})
    expect(panel).to_be_hidden()
    page.get_by_role("button", name="Conversations", exact=True).click()
    expect(page.locator("#new-conversation")).to_be_focused()
    page.locator("#scrim").click(position={"x": 380, "y": 400})
    expect(page.locator("#sidebar")).to_be_hidden()
    expect(page.locator("#question")).to_be_editable()


def was_cancelled(fake: Fake) -> bool:
    """Starlette leaves a generator that was cut off while it sent to the garbage collector."""
    for _ in range(100):
        gc.collect()
        if fake.cancelled.wait(0.1):
            return True
    return False
