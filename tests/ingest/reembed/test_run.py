"""A knowledge base gets other models from what it holds; it answers all the time; nothing is lost without a word."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ingest.pipeline
from ingest.cli import app
from ingest.reembed.reader import lacks_pictures
from ingest.reembed.report import reembed_lines
from rag.cli.app import run
from rag.config import Settings
from rag.errors import FingerprintMismatch
from rag.ports import Store
from rag.store import connect
from rag.store.stored import MilvusKb
from rag.types import Document
from tests.ingest.doubles import CornerEmbedder, HashEmbedder, InlinePool
from tests.ingest.rebase import KB, Base, NamingEmbedder, SharpEmbedder, WideEmbedder

Png = Callable[..., bytes]


@pytest.fixture(autouse=True)
def _inline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.pipeline, "WorkerPool", InlinePool)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = connect(str(tmp_path / "milvus.db"))
    yield store
    store.close()


@pytest.fixture
def dump(tmp_path: Path, make_png: Png) -> Path:
    """Passages, a page with a picture, pictures with and without words, and a document that is broken."""
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "long.txt").write_text("\n\n".join(f"Paragraph {n}. " + f"word{n} " * 40 for n in range(5)))
    (folder / "page.md").write_text("# Pumps\n\nA pump moves water.\n\n![the pump](big.png)\n")
    (folder / "big.png").write_bytes(make_png((9, 9, 9), size=(1500, 900)))
    (folder / "IMG_1.png").write_bytes(make_png((255, 255, 255)))
    (folder / "sign.png").write_bytes(make_png((7, 8, 200)))
    (folder / "broken.png").write_bytes(make_png()[:50])
    return folder


@pytest.fixture
def open_base(tmp_path: Path, store: Store) -> Callable[..., Base]:
    folder = tmp_path / "base"
    folder.mkdir()
    return lambda text=None, image=None: Base(folder, store, text or HashEmbedder(), image)


def test_it_holds_what_an_ingest_with_these_models_would_give(
    open_base: Callable[..., Base], tmp_path: Path, dump: Path
) -> None:
    open_base(image=CornerEmbedder()).ingest(dump)
    base = open_base(WideEmbedder(), SharpEmbedder())
    report = base.reembed()
    assert (report.switched, report.exit_code, report.documents, report.resumed) == (True, 0, 6, 0)
    assert base.store.spec(KB) == base.spec
    (tmp_path / "fresh").mkdir()
    with connect(str(tmp_path / "fresh.db")) as other:  # type: ignore[attr-defined]
        fresh = Base(tmp_path / "fresh", other, WideEmbedder(), SharpEmbedder())
        fresh.ingest(dump)
        assert base.rows() == fresh.rows()
    hits = base.store.kb(KB).search("lexical", WideEmbedder().embed_sparse_query("water."), limit=9)
    assert {hit.record.source for hit in hits} == {"dump/page.md"}


@pytest.mark.parametrize(
    ("before", "after"),
    [(CornerEmbedder, NamingEmbedder), (NamingEmbedder, SharpEmbedder), (NamingEmbedder, lambda: None)],
)
def test_what_pictures_look_like_is_what_the_new_model_says(
    open_base: Callable[..., Base], dump: Path, before: Callable[[], Any], after: Callable[[], Any]
) -> None:
    open_base(image=before()).ingest(dump)
    base = open_base(image=after())
    base.reembed()
    records = [record for _, records, *_ in list(base.rows().values())[1:] for record in records.values()]
    guesses = {record.source: record.metadata.get("looks_like") for record in records if record.kind == "image"}
    expected = [["64 wide", 0.5]] if after is NamingEmbedder else None
    assert guesses["dump/sign.png"] == expected
    assert not any("wide" in record.text for record in records)


def test_the_old_vectors_answer_until_the_new_ones_do(
    open_base: Callable[..., Base], tmp_path: Path, dump: Path
) -> None:
    old = open_base()
    old.ingest(dump)
    before = old.rows()
    query = HashEmbedder().embed_query("A pump moves water.")
    reader = connect(str(tmp_path / "milvus.db"))
    seen = [reader.kb(KB).search("text", query, limit=3)]

    class Watched(WideEmbedder):
        def embed(self, texts: Sequence[str]) -> np.ndarray:
            seen.append(reader.kb(KB).search("text", query, limit=3))
            assert old.rows() == before
            return super().embed(texts)

    assert open_base(Watched()).reembed().switched
    assert len(seen) > 1
    assert all(hits == seen[0] for hits in seen)
    for _ in range(2):  # whoever still has the old models never gets an answer from the new vectors
        with pytest.raises(FingerprintMismatch, match=r"embedded anew while it was open.*rag kb show"):
            reader.kb(KB).search("text", query, limit=3)
    reader.close()
    assert old.store.list_kbs() == [KB]


class Stopped(Exception):
    """In place of a kill."""


@contextmanager
def stop_at(n: int) -> Iterator[None]:
    """The n-th batch of records is not written any more."""
    write, left = MilvusKb.upsert, [n]

    def upsert(kb: MilvusKb, rows: Any) -> None:
        left[0] -= 1
        if not left[0]:
            raise Stopped
        write(kb, rows)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ingest.records.embedder.BATCH_RECORDS", 2)
        patch.setattr(MilvusKb, "upsert", upsert)
        try:
            yield
        except Stopped:
            return
    raise AssertionError("it was not stopped")


def test_stopped_halfway_it_goes_on_where_it_stopped(open_base: Callable[..., Base], dump: Path) -> None:
    old = open_base(image=CornerEmbedder())
    old.ingest(dump)
    before = old.rows()
    with stop_at(3):
        open_base(WideEmbedder(), SharpEmbedder()).reembed()
    assert old.rows() == before
    done = {Path(document.source).name for document in old.store.kb(f"{KB}.next").documents(states=["done"])}
    assert "big.png" in done
    assert "sign.png" not in done
    again = open_base(WideEmbedder(), SharpEmbedder())
    report = again.reembed()
    assert report.switched
    assert report.resumed >= len(done)
    (words,) = (record.text for record in before["big.png"][1].values())
    assert words not in again.text_embedder.asked
    assert {key: row[1] for key, row in again.rows().items() if key != "counts"} == {
        key: row[1] for key, row in before.items() if key != "counts"
    }


def test_what_an_ingest_changed_meanwhile_is_caught_up_with(open_base: Callable[..., Base], dump: Path) -> None:
    old = open_base()
    old.ingest(dump)
    (dump / "sign.png").unlink()
    with stop_at(5):
        open_base(WideEmbedder()).reembed()
    (dump / "big.png").unlink()
    (dump / "long.txt").write_text("Paragraph 0 is all that is left.")
    (dump / "new.txt").write_text("New words.")
    old.ingest(dump)
    now = old.rows()
    base = open_base(WideEmbedder())
    assert base.reembed().switched
    assert {source: row[:2] for source, row in base.rows().items() if source != "counts"} == {
        source: row[:2] for source, row in now.items() if source != "counts"
    }
    assert base.store.kb(KB).counts() == now["counts"]


def test_the_same_model_s_vectors_are_taken_over(open_base: Callable[..., Base], dump: Path) -> None:
    old = open_base(WideEmbedder(), CornerEmbedder())
    old.ingest(dump)
    before = old.rows()
    words_stay = open_base(WideEmbedder(), SharpEmbedder())
    assert words_stay.reembed().copied == ["texts"]
    assert words_stay.text_embedder.asked == []
    pixels_stay = open_base(HashEmbedder(), SharpEmbedder())
    assert pixels_stay.reembed().copied == ["images"]
    assert pixels_stay.image_embedder.n_seen == 0
    assert open_base(WideEmbedder(), CornerEmbedder()).reembed().switched
    assert old.rows() == before


def test_pixels_of_the_asset_store_give_the_vectors_that_the_originals_gave(
    open_base: Callable[..., Base], dump: Path
) -> None:
    class Renamed(CornerEmbedder):
        fingerprint = "corner@2"

    old = open_base(image=CornerEmbedder())
    old.ingest(dump)
    before = old.rows()
    base = open_base(image=Renamed())
    assert base.reembed().copied == ["texts"]
    assert base.image_embedder.n_seen > 0
    assert base.rows() == before


def test_a_picture_that_is_gone_keeps_its_words_and_is_told_and_mended(
    open_base: Callable[..., Base], dump: Path, make_png: Png
) -> None:
    old = open_base(image=CornerEmbedder())
    old.ingest(dump)
    before = old.rows()
    assets = {source: next(iter(before[source][1].values())).metadata["asset"] for source in ("sign.png", "big.png")}
    stored = {name: next((old.folder / "assets" / "images").rglob(asset)) for name, asset in assets.items()}
    stored["sign.png"].unlink()
    stored["big.png"].write_bytes(b"RIFF0000WEBPbroken")

    base = open_base(WideEmbedder(), SharpEmbedder())
    report = base.reembed()
    assert (report.switched, report.exit_code, report.failed) == (True, 3, [])
    assert report.losses.unseen.count == 3  # the large one is in the page as well
    assert any("sign.png" in line and "not in the asset store" in line for line in reembed_lines(report))
    after = base.rows()
    assert [row.text for row in after["sign.png"][1].values()] == [row.text for row in before["sign.png"][1].values()]
    assert after["sign.png"][3] == {}
    assert len(after["IMG_1.png"][3]) == 1
    assert after["sign.png"][0] == replace(before["sign.png"][0], content_hash="")
    base.ingest(dump)
    assert len(base.rows()["sign.png"][3]) == 1


OF_0_1_0 = "a picture without any words was left out: there is no image model (RAG_IMAGE_MODEL) to see it"


@pytest.mark.parametrize(
    ("metadata", "lacks"),
    [
        ({"n_warnings": 1, "warnings": ["reworded"], "left_out": {"picture_unseen": 1}}, True),
        ({"n_warnings": 30, "warnings": [OF_0_1_0], "left_out": {"part": 30}}, False),
        ({"n_warnings": 1, "warnings": [OF_0_1_0]}, True),
        ({"n_warnings": 30, "warnings": ["other"]}, True),
        ({"n_warnings": 1, "warnings": ["other"]}, False),
        ({}, False),
    ],
)
def test_pictures_left_out_are_known_by_code_and_from_0_1_0_by_its_sentence(
    metadata: dict[str, Any], lacks: bool
) -> None:
    assert lacks_pictures(Document("d", "a", "/a", "", "done", 1, metadata=metadata)) is lacks


def test_a_first_image_model_sees_every_picture_that_is_there_and_tells_of_the_others(
    open_base: Callable[..., Base], dump: Path
) -> None:
    open_base().ingest(dump)
    base = open_base(image=CornerEmbedder())
    report = base.reembed()
    assert (report.switched, report.losses.never_in.examples) == (True, ["dump/IMG_1.png"])
    assert {source for source, row in base.rows().items() if source != "counts" and row[3]} == {
        "big.png",
        "page.md",
        "sign.png",
    }
    base.ingest(dump)
    assert len(base.rows()["IMG_1.png"][3]) == 1


def test_without_an_image_model_pictures_without_words_are_left_out_and_told(
    open_base: Callable[..., Base], dump: Path
) -> None:
    open_base(image=CornerEmbedder()).ingest(dump)
    base = open_base()
    report = base.reembed()
    assert (report.exit_code, report.losses.left_out.count, base.store.kb(KB).counts().images) == (0, 1, 0)
    assert "  dump/IMG_1.png" in list(reembed_lines(report))


def test_a_model_that_makes_no_numbers_changes_nothing(open_base: Callable[..., Base], dump: Path) -> None:
    class Broken(WideEmbedder):
        def embed(self, texts: Sequence[str]) -> np.ndarray:
            return super().embed(texts) * np.array([[np.nan if "moves" in text else 1] for text in texts], np.float32)

    old = open_base()
    old.ingest(dump)
    before = old.rows()
    report = open_base(Broken()).reembed()
    assert (report.switched, report.exit_code) == (False, 1)
    assert [(failure.source, "NaN" in failure.reason) for failure in report.failed] == [("dump/page.md", True)]
    assert old.rows() == before
    assert "nothing was switched" in next(iter(reembed_lines(report)))
    mended = open_base(WideEmbedder())
    assert mended.reembed().resumed == 5
    assert len(mended.rows()["page.md"][2]) == len(before["page.md"][2])


def test_passages_that_a_model_does_not_take_in_at_once_are_counted(open_base: Callable[..., Base], dump: Path) -> None:
    class Short(WideEmbedder):
        max_tokens = 30

    open_base().ingest(dump)
    report = open_base(Short()).reembed()
    assert report.losses.n_long == 5
    assert any(line.startswith("5 passages are longer") for line in reembed_lines(report))


def test_asked_again_it_does_nothing_and_clears_what_was_given_up(open_base: Callable[..., Base], dump: Path) -> None:
    old = open_base()
    old.ingest(dump)
    with stop_at(2):
        open_base(WideEmbedder()).reembed()
    client = old.store._client
    assert f"{KB}_texts_g2" in client.ask("list_collections")
    report = open_base().reembed()
    assert (report.already, report.switched, report.exit_code) == (True, False, 0)
    assert client.ask("list_collections") == [f"{KB}_documents", f"{KB}_texts"]


def test_an_empty_knowledge_base_changes_its_models(open_base: Callable[..., Base]) -> None:
    base = open_base()
    base.store.create_kb(KB, base.spec)
    report = open_base(WideEmbedder()).reembed()
    assert (report.switched, report.documents) == (True, 0)
    assert base.store.spec(KB).text_model == "wide@1"


def test_the_command_says_what_it_did_and_which_profile_to_keep(
    open_base: Callable[..., Base], dump: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    profiles = []

    def opened(name: str, *, settings: Settings) -> Any:
        profiles.append((name, settings.profile))
        return nullcontext(open_base(WideEmbedder()))

    open_base().ingest(dump)
    monkeypatch.setattr("rag.knowledge_base.KnowledgeBase.open", opened)
    monkeypatch.setattr("sys.argv", ["ingest", "reembed", "--kb", KB, "--profile", "full"])
    assert run(app) == 0
    said = capsys.readouterr()
    assert "6 documents now have vectors of wide@1 for words and nothing for pixels" in said.out
    assert "RAG_PROFILE=full" in said.err
    monkeypatch.setattr("sys.argv", ["ingest", "reembed", "--kb", KB, "--json"])
    assert run(app) == 0
    assert json.loads(capsys.readouterr().out)["already"] is True
    assert profiles == [(KB, "full"), (KB, "mini")]


def test_records_that_are_missing_are_left_to_the_next_ingest(open_base: Callable[..., Base], dump: Path) -> None:
    old = open_base()
    old.ingest(dump)
    document, records, *_ = old.rows()["long.txt"]
    old.store.kb(KB).delete_records("texts", [next(iter(records))])
    base = open_base(WideEmbedder())
    assert base.reembed().switched
    assert base.rows()["long.txt"][0] == replace(document, content_hash="")
    base.ingest(dump)
    assert base.rows()["long.txt"][:2] == (document, records)
