"""What a web page's head says of the page becomes columns."""

from __future__ import annotations

import json

import pytest

from ingest.parse.about.page import about_page
from tests.ingest.parse.conftest import Read


def page(*head: str) -> bytes:
    return f"<html><head><title>Pumps</title>{''.join(head)}</head><body><p>Words.</body>".encode()


def meta(name: str, content: str, key: str = "name") -> str:
    return f'<meta {key}="{name}" content="{content}">'


def linked(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_the_surest_of_many_names_is_taken() -> None:
    head = page(
        meta("Author", "Nell  Abney"),
        meta("dc.creator", "somebody else"),
        meta("article:published_time", "2020-05-04T10:00:00Z", "property"),
        meta("date", "2021"),
        meta("keywords", "repair, winter; repair"),
        meta("og:site_name", "The Skarrow Gazette", "property"),
    )
    assert about_page(head) == {
        "author": "Nell Abney",
        "published": "2020-05-04T10:00:00+00:00",
        "keywords": ["repair", "winter"],
        "site": "The Skarrow Gazette",
    }


@pytest.mark.parametrize(
    "data",
    [
        {"@type": "Article", "datePublished": "2020-05-04", "author": {"name": "Nell Abney"}},
        [{"@type": "WebSite"}, {"datePublished": "2020-05-04", "author": [{"name": "Nell Abney"}]}],
        {"@graph": [{"@type": "Person", "name": "x"}, {"datePublished": "2020-05-04", "author": ["Nell Abney"]}]},
    ],
)
def test_json_ld_is_read_in_its_shapes(data: object) -> None:
    assert about_page(page(linked(data))) == {"author": "Nell Abney", "published": "2020-05-04"}


def test_a_meta_element_goes_before_json_ld() -> None:
    found = about_page(page(linked({"author": "x", "datePublished": "2020"}), meta("author", "Nell Abney")))
    assert found == {"author": "Nell Abney", "published": "2020"}


def test_an_address_is_no_author_and_a_word_no_date() -> None:
    found = about_page(page(meta("article:author", "https://example.org/nell", "property"), meta("date", "yesterday")))
    assert found == {}


@pytest.mark.parametrize(
    "head", ["[" * 50_000, '{"author": ' * 20_000, "{" + '"@graph": [' * 30_000, "null", '{"author": {"name": 3}}']
)
def test_hostile_json_costs_itself(head: str) -> None:
    script = f'<script type="application/ld+json">{head}</script>'
    assert about_page(page(script, meta("author", "Ann"))) == {"author": "Ann"}


def test_the_body_is_not_searched() -> None:
    assert about_page(b"<html><head></head><body>" + meta("author", "a comment's author").encode()) == {}


def test_a_page_without_a_title_has_its_columns_all_the_same(read: Read) -> None:
    found = read(f"<html><head>{meta('author', 'Ann')}</head><body><p>Words.</body>", "a.html")
    assert (found.info.metadata, found.texts) == ({"author": "Ann"}, ["Words."])


def test_title_and_columns_come_together(read: Read) -> None:
    found = read(page(meta("author", "Ann")).decode(), "a.html")
    assert (found.info.title, found.info.metadata) == ("Pumps", {"author": "Ann"})
