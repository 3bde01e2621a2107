"""A real browser, and a page in it over a server that says what the test wants."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from tests.serve.page.fake_server import Fake, fake_app
from tests.serve.serving import serving

WIDE = {"width": 1360, "height": 860}
NARROW = {"width": 390, "height": 844}
TIMEOUT_MS = 30_000
expect.set_options(timeout=TIMEOUT_MS)  # it has a limit of its own, five seconds


@pytest.fixture(scope="module")  # not longer: while Playwright runs, no other test can run an event loop of its own
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium: install it ('apt-get install chromium')")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[str, dict[str, Fake]]]:
    held = {"fake": Fake()}
    with serving(fake_app(held)) as url:
        yield url, held


@pytest.fixture
def fake(served: tuple[str, dict[str, Fake]]) -> Iterator[Fake]:
    """What the server says in this test."""
    served[1]["fake"] = fake = Fake()
    yield fake
    fake.go_on.set()


@dataclass
class Watched:
    """A page, and what must not happen on it.

    Attributes:
        page: of the browser.
        url: of the server.
        requests: addresses outside the server that were asked for.
        dialogs: that a script opened.
        errors: of scripts, and what the policy had to stop.
    """

    page: Page
    url: str
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self) -> Page:
        self.page.goto(self.url)
        self.page.locator("#question:enabled").wait_for()
        return self.page

    def ask(self, question: str = "When is the seal replaced?") -> Page:
        self.page.fill("#question", question)
        self.page.press("#question", "Enter")
        return self.page

    def answered(self, question: str = "When is the seal replaced?", n: int = 1) -> Page:
        """Asks, and waits until `n` answers stand."""
        self.ask(question)
        self.page.locator(".turn-actions").nth(n - 1).wait_for()
        return self.page

    def note(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", f"blob:{self.url}")):
            self.requests.append(request.url)


@pytest.fixture
def look(browser: Browser, served: tuple[str, dict[str, Fake]], fake: Fake) -> Iterator[Callable[..., Watched]]:
    """`look(size=NARROW, color_scheme="dark")`: a fresh page, watched; at the end nothing unwanted has happened."""
    contexts = []
    watched = []

    def start(size: dict[str, int] = WIDE, url: str = served[0], **options: Any) -> Watched:
        options = {"reduced_motion": "reduce", "permissions": ["clipboard-read", "clipboard-write"], **options}
        context = browser.new_context(viewport=size, **options)
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        seen = Watched(context.new_page(), url)
        watched.append(seen)
        context.on("request", seen.note)
        context.on(
            "page", lambda page: seen.requests.append(f"a new window: {page.url}") if page != seen.page else None
        )
        seen.page.on("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
        seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
        seen.page.on("console", lambda said: seen.errors.append(said.text) if _is_breach(said.text) else None)
        return seen

    yield start
    for seen in watched:
        seen.page.wait_for_function("true")  # whatever is under way has been told of when this answers
        assert (seen.requests, seen.dialogs, seen.errors) == ([], [], [])
    for context in contexts:
        context.close()


def _is_breach(said: str) -> bool:
    """Whether the browser tells of something that the page's policy had to stop."""
    return "Content Security Policy" in said or "Trusted" in said
