"""Nothing that a server, a model or a document says runs, loads, leads away or takes over the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.serve.page.fake_server import Fake, asset, document, facet, hexid, record, source
from tests.serve.page.payloads import HTML, MARKDOWN

from .conftest import Watched

Look = Callable[..., Watched]
AT_ONCE = 25

CHECK = """() => {
  const allowed = new Set(["https:", "http:", "mailto:"]);
  const FORBIDDEN = "script, style, iframe, object, embed, link, meta, base, template, math, video, audio";
  const OWN = ".skip, #app, #drop-hint, #status, noscript, dialog";
  const wrong = [];
  for (const node of document.querySelectorAll("#thread *, #panel *, #history *, dialog *, #starts *, #hero *")) {
    for (const { name, value } of node.attributes) {
      if (name.startsWith("on")) wrong.push(`${node.tagName} ${name}`);
      if (name === "style" && !node.matches(".bar-fill")) wrong.push(`${node.tagName} style=${value}`);
      if (name === "href" && !allowed.has(new URL(value, "x:").protocol)) wrong.push(value);
      const own = /^(data|blob):/.test(value) || new URL(value, location.href).origin === location.origin;
      if (name === "src" && !own) wrong.push(value);
    }
    if (node.matches(FORBIDDEN)) wrong.push(node.tagName);
  }
  const outside = [...document.body.children].filter((node) => !node.matches(OWN));
  return { wrong, outside: outside.map((node) => node.tagName), pwned: window.pwned ?? null, at: location.pathname };
}"""


def assert_safe(page: Page) -> None:
    assert page.evaluate(CHECK) == {"wrong": [], "outside": [], "pwned": None, "at": "/"}


def test_there_are_payloads_enough() -> None:
    assert len(set(HTML)) >= 60
    assert len(set(HTML + MARKDOWN)) >= 90


def test_answers(look: Look, fake: Fake) -> None:
    """Every payload alone, in two pieces as a stream cuts it, and inside other Markdown."""
    seen = look()
    page = seen.open()
    payloads = HTML + MARKDOWN
    for n, start in enumerate(range(0, len(payloads), AT_ONCE), 1):
        fake.tokens = []
        for text in payloads[start : start + AT_ONCE]:
            half = len(text) // 2
            fake.tokens += [text[:half], text[half:], "\n\n", f"**{text[:500]}** and {text[:500]}", "\n\n---\n\n"]
        seen.answered("x", n=n)
        for link in page.locator(".answer-text a[href]").all()[:50]:
            assert link.get_attribute("rel") == "noopener noreferrer nofollow"
        assert_safe(page)
    expect(page.locator(".answer-text").first).to_contain_text("<script>window.pwned=1</script>")
    assert page.locator(".answer-text img, .answer-text svg:not(.icon), .answer-text form").count() == 0


def hostile_source(number: int, text: str) -> dict[str, Any]:
    return source(
        number, f"dir/{text}", text, title=text, heading_path=[text, text], also=[text],
        asset=asset(text) if number % 2 else text, columns={text: text, "nested": {text: [text]}},
    )  # fmt: skip


@pytest.mark.parametrize("start", range(0, len(HTML), AT_ONCE))
def test_sources_notes_and_the_model_name(look: Look, fake: Fake, start: int) -> None:
    payloads = HTML[start : start + AT_ONCE]
    fake.sources = [hostile_source(n, text) for n, text in enumerate(payloads, 1)]
    fake.notes = [{"code": "picture_read", "text": text} for text in payloads]
    fake.model = payloads[0]
    for text in payloads:
        facts = {"heading_path": [text]}
        records = [record(f"dir/{text}{n}", text, asset=text if n else None, **facts) for n in range(40)]
        fake.records[hexid(f"dir/{text}")] = records
    seen = look()
    page = seen.open()
    seen.answered(payloads[-1])
    expect(page.locator(".notes li")).to_have_count(len(payloads))
    page.locator(".source").first.click()
    for number in range(1, len(payloads) + 1):
        expect(page.locator(".panel-count")).to_have_text(f"Source {number} of {len(payloads)}")
        if number < len(payloads):
            page.keyboard.press("ArrowRight")
    page.locator(".around h3").wait_for()
    assert_safe(page)


def test_documents_titles_reasons_and_starts(look: Look, fake: Fake) -> None:
    states = ["done", "failed", "writing"]
    facts = [{"state": states[n % 3], "error": text, "title": text} for n, text in enumerate(HTML)]
    fake.documents = [document(f"{text}.md", **each) for text, each in zip(HTML, facts, strict=True)]
    fake.records = {hexid(f"{text}.md"): [record(text, text, heading_path=[text, text])] for text in HTML}
    fake.fields = dict.fromkeys(HTML, "<img src=x onerror=window.pwned=1>")
    fake.facets = {
        "documents": 1,
        "columns": [facet("place", dict.fromkeys(HTML, 1)), *(facet(text, {text: 1}) for text in HTML)],
        "points": [],
    }
    fake.job_files = [{"name": text, "state": "failed", "error": text} for text in HTML[:50]]
    fake.job_ends = {"state": "failed", "error": {"type": HTML[0], "message": HTML[1]}}
    fake.files = [{"doc_id": hexid(text), "name": text, "kind": text, "size_bytes": 1, "documents": 1} for text in HTML]
    fake.kbs[0] |= {"title": HTML[0], "description": HTML[1]}
    page = look().open()
    page.locator(".start").first.wait_for()
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("button", name="Documents").click()
    expect(page.locator(".document")).to_have_count(2 * len(HTML))
    chosen: Any = {"name": "<img src=x onerror=window.pwned=1>.txt", "mimeType": "text/plain", "buffer": b"x"}
    page.set_input_files("dialog input[type=file]", chosen)
    expect(page.locator(".upload-failed li")).to_have_count(50)
    page.locator(".document > .icon-button[aria-label^=Delete]").first.click()
    page.locator(".danger-button").wait_for()
    assert_safe(page)


def test_errors_and_the_names_of_knowledge_bases(look: Look, fake: Fake) -> None:
    fake.kbs = [
        {"name": text, "documents": 0, "failed": 0, "texts": 0, "images": 0} for text in HTML if "/" not in text
    ]
    seen = look()
    page = seen.open()
    for n, text in enumerate(HTML[:12], 1):
        fake.refuse = (503, {"type": text, "message": text}, {})
        seen.ask("x")
        expect(page.locator(".callout.failed")).to_have_count(n)
    fake.refuse = (422, {"type": "filter_syntax_error", "message": "\n".join(HTML), "position": 10**9}, {})
    seen.ask("x")
    expect(page.locator(".where-error")).to_contain_text("<script>")
    assert_safe(page)


def answer(text: str) -> dict[str, Any]:
    facts = {"citations": [], "notes": [text], "timings_s": {}, "model": text}
    return {"text": text, "sources": [hostile_source(1, text)], **facts}


def test_what_is_kept_in_the_browser(look: Look, fake: Fake) -> None:
    """Another page of the same origin, or an older version of this one, may have written it."""
    pictures = ["data:image/svg+xml,<svg onload=window.pwned=1>", *HTML]
    turns = [
        {"question": text, "where": text, "picture": picture, "state": "done", "error": text, "answer": answer(text)}
        for text, picture in zip(HTML, pictures, strict=False)
    ]
    seen = look()
    page = seen.open()
    kept = [{"id": "1", "kb": "manuals", "title": HTML[6], "when": 1, "turns": turns}]
    page.evaluate("kept => { localStorage['rag.conversations'] = JSON.stringify(kept) }", kept)
    page.evaluate("""() => { localStorage["rag.theme"] = '"><script>' }""")
    seen.open()
    page.locator(".history-entry").click()
    expect(page.locator(".turn")).to_have_count(len(HTML))
    assert_safe(page)


def test_a_name_cannot_turn_itself_round(look: Look, fake: Fake) -> None:
    fake.sources = [source(1, "invoice\u202egpj.exe", "x")]
    fake.tokens = ["safe \u202etxet\u202c [1]"]
    seen = look()
    page = seen.open()
    seen.answered()
    assert "\u202e" not in page.locator("body").inner_text()
    expect(page.locator(".source .file-label")).to_have_text("invoicegpj.exe")
