"""A knowledge base is made without a terminal, and uploads go on when nobody looks."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.serve.page.fake_server import Fake, job

from .conftest import NARROW, Watched

Look = Callable[..., Watched]
FILES: Any = [{"name": name, "mimeType": "text/plain", "buffer": b"x"} for name in ("good.txt", "bad.pdf")]
JOB_FILES = [
    {"name": "good.txt", "doc_id": "1", "state": "done", "n_records": 1, "error": ""},
    {"name": "bad.pdf", "doc_id": "2", "state": "failed", "n_records": 0, "error": "it is <b>encrypted</b>"},
]
DROP = """([names, type, on = "body"]) => {
  const data = new DataTransfer();
  for (const name of names) data.items.add(new File(["x"], name, { type }));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    const event = new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
    document.querySelector(on).dispatchEvent(event);
  }
}"""


@pytest.fixture(autouse=True)
def _jobs_end(fake: Fake) -> None:
    fake.job_files, fake.job_ends = JOB_FILES, {"failed": 1, "may_retry": True}


def start(seen: Watched) -> Page:
    """Opens the page of a server that has nothing yet."""
    seen.page.goto(seen.url)
    seen.page.locator("#new-kb").wait_for()
    return seen.page


def test_the_first_knowledge_base_is_made_by_a_name_and_files(look: Look, fake: Fake) -> None:
    fake.kbs = []
    page = start(look(NARROW))
    expect(page.locator("#new-kb")).to_have_value("documents")
    for wrong, said in (
        ("2things", "begins with a letter"),
        ("my things", "No spaces"),
        ("things-2", "No ‘-’"),
        ("élan", "begins with a letter"),
    ):
        page.fill("#new-kb", wrong)
        expect(page.locator("#new-kb-problem")).to_contain_text(said)
    page.set_input_files(".new-kb input[type=file]", FILES)
    expect(page.locator("#new-kb-problem")).to_contain_text("Then press Enter to add 2 files.")
    assert fake.uploaded == []
    page.fill("#new-kb", "things")
    page.press("#new-kb", "Enter")
    expect(page.locator(".hero")).to_contain_text("Answers come from things: 2 documents")
    expect(page.locator(".hero .job .upload-failed")).to_have_text("bad.pdf: it is <b>encrypted</b>")
    expect(page.get_by_label("Knowledge base")).to_have_value("things")
    assert (fake.created, fake.uploaded) == (["things"], ["good.txt", "bad.pdf"])
    expect(page.locator("#question")).to_be_focused()


def test_another_is_made_from_the_chooser_or_not(look: Look, fake: Fake) -> None:
    seen = look()
    page = seen.open()
    seen.answered()
    page.get_by_role("combobox", name="Knowledge base").select_option("New knowledge base…")
    expect(page.get_by_role("combobox", name="Knowledge base")).to_have_value("manuals")
    page.fill("#new-kb", "Manuals")
    expect(page.locator("#new-kb-problem")).to_contain_text("There is ‘manuals’ already.")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(1)
    page.get_by_role("combobox", name="Knowledge base").select_option("New knowledge base…")
    page.set_input_files(".new-kb input[type=file]", FILES)
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator(".hero")).to_contain_text("Answers come from documents")
    seen.answered()
    assert fake.asked[-1]["kb"] == "documents"


def test_who_may_not_make_one_is_not_offered_it(look: Look, fake: Fake) -> None:
    fake.may_create = False
    seen = look()
    page = seen.page
    page.goto(seen.url)
    expect(page.get_by_role("combobox", name="Knowledge base").locator("option")).to_have_text(["manuals", "pictures"])
    fake.kbs = []
    page.reload()
    expect(page.locator(".hero")).to_contain_text("No knowledge base is open to this token.")
    expect(page.locator("#new-kb")).to_have_count(0)
    expect(page.get_by_role("button", name="Look again")).to_be_visible()


def test_a_name_that_a_token_may_not_make_is_said_at_the_name(look: Look, fake: Fake) -> None:
    fake.kbs = []
    fake.upload_refuse = (404, {"type": "knowledge_base_not_found", "message": "there is no knowledge base"}, {})
    page = start(look())
    page.set_input_files(".new-kb input[type=file]", FILES)
    expect(page.locator("#new-kb-problem")).to_contain_text("Your token may not make ‘documents’")
    expect(page.locator(".callout")).to_have_count(0)
    fake.upload_refuse = None
    page.fill("#new-kb", "mine")
    page.press("#new-kb", "Enter")
    expect(page.locator(".hero")).to_contain_text("Answers come from mine")


@pytest.mark.parametrize(("status", "again"), [(413, 0), (429, 1)])
def test_a_refused_upload_is_tried_again_where_that_may_help(look: Look, fake: Fake, status: int, again: int) -> None:
    headers = {"Retry-After": "1"} if again else {}
    fake.kbs, fake.upload_refuse = [], (status, {"type": "refused", "message": "too many or too large"}, headers)
    page = start(look())
    page.set_input_files(".new-kb input[type=file]", FILES)
    expect(page.locator(".new-kb .callout .message")).to_have_text("Too many or too large")
    expect(page.get_by_role("button", name="Try again")).to_have_count(again)
    if again:
        fake.upload_refuse = None
        page.get_by_role("button", name="Try again", exact=True).click()
        expect(page.locator(".hero")).to_contain_text("Answers come from documents")


def test_a_cancelled_job_keeps_what_was_read(look: Look, fake: Fake) -> None:
    fake.kbs, fake.hold_jobs = [], True
    page = start(look())
    page.evaluate(DROP, [["a.txt"], "text/plain", ".upload-place"])
    expect(page.locator(".job")).to_contain_text("Reading, 3 of 12 · about 6 s left")
    expect(page.locator("#drop-hint")).to_be_hidden()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".hero")).to_contain_text("Answers come from documents")
    expect(page.locator(".hero")).to_contain_text("Cancelled. What was read before is kept.")
    assert fake.changed == ["cancel"]


def test_documents_dropped_on_the_page_go_in_while_it_is_used(look: Look, fake: Fake) -> None:
    fake.hold_jobs = True
    page = look().open()
    page.evaluate(DROP, [["a.txt", "b.txt"], "text/plain"])
    page.get_by_role("button", name="Cancel").click()
    assert fake.uploaded == []
    page.evaluate(DROP, [["a.txt", "b.txt"], "text/plain"])
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".drawer .job")).to_contain_text("2 filesmanuals")
    page.evaluate(DROP, [["c.txt"], "text/plain", ".drawer .upload-place"])
    expect(page.locator(".drawer .job")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Documents: Reading, 3 of 12")).to_be_visible()
    fake.go_on.set()
    page.get_by_role("button", name=re.compile("Documents: .* Done · 1 failed")).click()
    expect(page.locator(".drawer .upload-failed").first).to_contain_text("bad.pdf")
    page.get_by_role("button", name="Take this from the list").first.click()
    expect(page.locator(".drawer .job")).to_have_count(1)
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("^Documents$")).wait_for()
    assert (fake.uploaded, fake.created) == (["a.txt", "b.txt", "c.txt"], [])


def test_a_job_is_shown_to_whoever_comes_and_can_be_tried_again(look: Look, fake: Fake) -> None:
    fake.hold_jobs = True
    fake.jobs = [job("manuals", 60), job("manuals", 2, state="waiting", total=None, ahead=1)]
    page = look(NARROW).open()
    page.get_by_role("button", name="Documents: Reading, 3 of 12").click()
    expect(page.locator(".drawer .job")).to_have_count(2)
    expect(page.locator(".drawer .job").last).to_contain_text("60 files")
    page.reload()
    page.get_by_role("button", name="Documents: Reading, 3 of 12").click()
    fake.go_on.set()
    expect(page.locator(".job-bad")).to_contain_text("Done · 1 failed")
    fake.go_on.clear()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".drawer .job").last).to_contain_text("Reading, 3 of 12")
    assert fake.changed == ["retry"]


def test_a_large_folder_is_sent_in_parts(look: Look, fake: Fake) -> None:
    page = look().open()
    page.get_by_role("button", name="Documents").click()
    page.evaluate(DROP, [[f"{n}.txt" for n in range(1101)], "text/plain", ".drawer .upload-place"])
    expect(page.locator(".drawer .job")).to_have_count(3)
    assert (fake.parts, len(set(fake.uploaded))) == ([500, 500, 101], 1101)


def test_one_dropped_picture_is_asked_with_and_several_are_added(look: Look, fake: Fake) -> None:
    page = look().open()
    page.evaluate(DROP, [["a.heic", "b.heic"], "image/heic"])
    expect(page.get_by_role("dialog")).to_contain_text("a.heic, b.heic will be part of manuals.")
    page.get_by_role("button", name="Cancel").click()
    page.evaluate(DROP, [["a.heic"], "image/heic"])
    expect(page.locator(".preview-name")).to_have_text("a.heic")


def test_a_whole_folder_is_chosen_without_what_file_managers_hide(look: Look, fake: Fake, tmp_path: Path) -> None:
    for name in ("pump.txt", "parts/valve.txt", ".git/config", "parts/.DS_Store"):
        path = tmp_path / "manuals" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    page = look().open()
    page.get_by_role("button", name="Documents").click()
    with page.expect_file_chooser() as asked:
        page.get_by_role("button", name="Choose a folder").click()
    asked.value.set_files(tmp_path / "manuals")
    expect(page.locator(".drawer .job")).to_be_visible()
    assert sorted(fake.uploaded) == ["manuals/parts/valve.txt", "manuals/pump.txt"]
