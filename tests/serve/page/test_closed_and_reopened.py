"""A folder is sent, the page is closed, the server is stopped; whoever opens it later sees how it went on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from fastapi import FastAPI
from playwright.sync_api import expect

from rag.serve.open_knowledge_bases import OpenKnowledgeBases
from tests.serve.mcp_library import small_library
from tests.serve.uploading import app_with, said, until

from .conftest import NARROW, Watched


def test_a_folder_goes_in_though_its_page_and_its_server_end(
    library: OpenKnowledgeBases,
    serve: Callable[[FastAPI], AbstractContextManager[str]],
    look: Callable[..., Watched],
    tmp_path: Path,
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for n in range(60):
        (folder / f"{n}.txt").write_text(f"note {n}")
    with serve(app_with(library, "hangs")) as url:
        page = look(url=url).open()
        page.get_by_role("button", name="Documents").click()
        with page.expect_file_chooser() as asked:
            page.get_by_role("button", name="Choose a folder").click()
        asked.value.set_files(folder)
        expect(page.locator(".job")).to_contain_text("Reading, 0 of 60")
        page.goto("about:blank")  # nothing asks whether to leave: all of it is on the server
        again = look(NARROW, url=url).open()
        again.get_by_role("button", name="Documents: Reading, 0 of 60").click()
        expect(again.locator(".job")).to_contain_text("60 files")
        again.goto("about:blank")
    assert [word for word, _, _ in said(library)][:2] == ["began", "hangs"]
    with small_library(tmp_path) as later, serve(app_with(later)) as url:
        until(lambda: said(later)[-1][0] == "ended", 60)
        page = look(url=url).open()
        page.get_by_role("button", name="Documents").click()
        expect(page.locator(".job")).to_contain_text("Done")
        page.goto("about:blank")
    assert len(list((tmp_path / "uploads" / "manuals").rglob("*.txt"))) == 60
