"""What a knowledge base holds is looked after on the page: originals, archives, its title, its end."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.serve.page.fake_server import Fake, document

from .conftest import NARROW, Watched

Look = Callable[..., Watched]


def test_an_archive_is_listed_and_removed_and_originals_are_offered(look: Look, fake: Fake) -> None:
    fake.files = [
        {"doc_id": "a" * 32, "name": "old.zip", "kind": "archive", "size_bytes": 9, "documents": 2},
        {"doc_id": "b" * 32, "name": "captions.csv", "kind": "captions", "size_bytes": 9, "documents": 0},
    ]
    fake.documents = [document("manuals/a.txt", original="a.txt"), document("manuals/b.txt", original=None)]
    page = look(NARROW).open()
    page.get_by_role("button", name="Documents").click()
    expect(page.locator(".whole-files .document")).to_have_count(2)
    expect(page.locator(".whole-files")).to_contain_text("Archive · 2 documents")
    left = "(name) => name.firstChild.getBoundingClientRect().left - name.parentElement.getBoundingClientRect().left"
    assert page.locator(".whole-files .document-name").first.evaluate(left) == 0  # where the names of documents stand
    expect(page.get_by_role("button", name="Download a.txt")).to_be_visible()
    expect(page.locator(".no-original")).to_have_attribute("title", "The original is not on this server")
    page.get_by_role("button", name="Delete old.zip").click()
    expect(page.locator(".small-dialog")).to_contain_text("old.zip and the 2 documents in it are deleted.")
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".small-dialog")).to_have_count(0)
    assert fake.deleted == ["a" * 32]


def test_a_knowledge_base_gets_a_title_and_goes_when_its_name_is_typed(look: Look, fake: Fake) -> None:
    page = look().open()
    page.get_by_role("button", name="Documents").click()
    page.get_by_role("button", name="Title, description, removal").click()
    page.fill("#kb-title", "手册 <b>2024</b>")
    page.fill("#kb-description", "All pumps")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("combobox", name="Knowledge base").locator("option").first).to_have_text("手册 <b>2024</b>")
    expect(page.locator(".hero")).to_contain_text("Answers come from 手册 <b>2024</b>")
    expect(page.locator(".hero")).to_contain_text("All pumps")
    page.get_by_role("button", name="Documents").click()
    expect(page.locator(".drawer header bdi")).to_have_text("手册 <b>2024</b>")
    page.get_by_role("button", name="Title, description, removal").click()
    expect(page.get_by_role("button", name="Remove it")).to_be_disabled()
    page.fill("#kb-confirm", "manual")
    expect(page.get_by_role("button", name="Empty it")).to_be_disabled()
    page.fill("#kb-confirm", "manuals")
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("combobox", name="Knowledge base")).to_have_value("pictures")
    assert [each["name"] for each in fake.kbs] == ["pictures"]
