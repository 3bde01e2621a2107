"""The page without a mouse, and in light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.serve.page.fake_server import Fake

from .conftest import Watched

Look = Callable[..., Watched]


def test_everything_can_be_done_with_keys(look: Look, fake: Fake) -> None:
    fake.hold_after = 1
    seen = look()
    page = seen.open()
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    page.keyboard.press("Enter")
    expect(page.locator(".answer-text")).to_contain_text("Replace")
    page.keyboard.press("Escape")
    expect(page.locator(".facts")).to_have_text("Stopped")
    assert fake.asked[0]["question"] == "one\ntwo"
    page.locator(".source").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Source 2: seal.png")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".panel-count")).to_have_text("Source 2 of 3")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".panel-count")).to_have_text("Source 3 of 3")
    page.keyboard.press("1")
    expect(page.locator(".panel-count")).to_have_text("Source 1 of 3")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#question")).to_be_focused()
    expect(page.locator("#question")).to_have_value("")
    page.locator(".source").first.focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("stop the answer")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator(".turn")).to_have_count(0)


def test_the_theme_follows_the_system_until_one_is_chosen(look: Look, fake: Fake) -> None:
    seen = look(color_scheme="dark")
    page = seen.open()
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(22, 22, 20)"
    page.get_by_role("button", name=re.compile("Theme")).click()
    assert page.evaluate(ground) == "rgb(251, 250, 247)"
    page.reload()
    assert page.evaluate(ground) == "rgb(251, 250, 247)"
    expect(page.get_by_role("button", name="Theme: light")).to_be_visible()


CONTRAST = """() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const linear = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const c = rgb(getComputedStyle(at).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((each) => each.nodeType === 3 && each.data.trim());
    const seen = node.checkVisibility({ visibilityProperty: true }) && !node.closest(".sr-only, :disabled, .skip");
    if (!own || !seen) continue;
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push(`${node.className || node.tagName}: ${ratio.toFixed(2)}`);
  }
  return found;
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_text_stands_out_from_its_ground(look: Look, fake: Fake, theme: str) -> None:
    fake.notes, fake.model = [{"code": "no_citation", "text": "a note"}], None
    fake.tokens = [
        "Text [1] and [9], `code`, [a link](https://example.org)\n\n> quote\n\n```\nx\n```\n\n|a|\n|---|\n|b|"
    ]
    seen = look(color_scheme=theme)
    page = seen.open()
    assert page.evaluate(CONTRAST) == []
    seen.answered()
    page.locator(".quoted summary").click()
    page.locator("button.cite").first.click()
    page.get_by_role("button", name="Filter").click()
    assert page.evaluate(CONTRAST) == []
