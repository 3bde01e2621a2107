"""The page over the real server: what both sides agreed on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from fastapi import FastAPI
from playwright.sync_api import expect

from rag.serve.app import create_app
from rag.serve.open_knowledge_bases import OpenKnowledgeBases

from .conftest import Watched


def test_asked_opened_filtered_and_deleted(
    library: OpenKnowledgeBases, serve: Callable[[FastAPI], AbstractContextManager[str]], look: Callable[..., Watched]
) -> None:
    with serve(create_app(library)) as url:
        seen = look(url=url)
        page = seen.open()
        expect(page.locator(".hero")).to_contain_text("2 documents and 3 pictures")
        seen.answered("When is the pump closed?")
        expect(page.locator(".answer-text")).to_contain_text("The pump is closed before the bell rings.")
        expect(page.locator(".callout.quoted")).to_be_visible()
        page.locator(".answer-text button.cite").first.click()
        expect(page.locator("#panel h2").first).to_have_text("book.pdf")
        expect(page.locator("#panel .passage")).to_have_count(3)
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Filter").click()
        page.fill("#where", "kind ~ 3")
        seen.ask("And the goat?")
        expect(page.locator(".where-error")).to_contain_text("^")
        page.fill("#where", 'kind = "image"')
        seen.answered("And the goat?", n=2)
        expect(page.locator(".turn").last.locator(".source img").first).not_to_have_js_property("naturalWidth", 0)
        page.get_by_role("button", name="Documents").click()
        expect(page.locator(".document")).to_have_count(2)
        page.get_by_role("button", name="Delete book.pdf").click()
        page.get_by_role("button", name="Delete", exact=True).click()
        expect(page.locator(".document")).to_have_count(1)
        page.keyboard.press("Escape")
        page.goto("about:blank")  # a page that is still open holds connections, for which the server would wait
