import shutil
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ingest.records.assembler
import ingest.records.embedder
from ingest import ingest_paths
from ingest.report.ingest_report import IngestReport
from rag.errors import ConfigError, StoreUnreachable
from rag.types import record_id
from tests.ingest.doubles import DictStore, FakeKb

pytestmark = pytest.mark.usefixtures("inline")
Png = Callable[..., bytes]


def counts(report: IngestReport) -> dict[str, int]:
    names = ("new", "replaced", "unchanged", "removed", "n_failed")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def snapshot(store: DictStore) -> dict[str, Any]:
    """Everything that a store holds, comparable."""
    return {
        "manifest": dict(store.manifest),
        "means": {id_: vector.tobytes() for id_, vector in store.means.items()},
        "texts": {id_: (record, vector.tobytes()) for id_, (record, vector) in store.texts.items()},
        "images": {id_: (record, vector.tobytes()) for id_, (record, vector) in store.images.items()},
    }


def fill(dump: Path, make_png: Png) -> None:
    (dump / "notes.txt").write_text("The red valve closes first.")
    (dump / "page.md").write_text("# Pumps\n\nA pump moves water.\n\n![the pump](pump.png)\n")
    (dump / "pump.png").write_bytes(make_png((9, 9, 9)))
    (dump / "captions.csv").write_text("file,caption,year\npump.png,A small pump,1999\n")
    with zipfile.ZipFile(dump / "more.zip", "w") as archive:
        archive.writestr("inner.txt", "Packed words.")


def test_a_dump_of_several_formats_becomes_records(kb: FakeKb, dump: Path, make_png: Png) -> None:
    fill(dump, make_png)
    report = ingest_paths(kb, [dump])
    assert counts(report) == {"new": 4}
    assert report.exit_code == 0
    assert kb.store.texts_of("dump/notes.txt") == ["The red valve closes first."]
    assert kb.store.texts_of("dump/more.zip!/inner.txt") == ["Packed words."]
    assert kb.store.texts_of("dump/pump.png") == ["A small pump\nred 9 green 9 blue 9"]
    (picture,) = kb.store.records_of(kb.store.by_source()["dump/pump.png"].doc_id)
    assert picture.kind == "image"
    assert picture.metadata["columns"] == {"year": 1999, "folder": "dump"}
    assert [text["origin"] for text in picture.metadata["texts"]] == ["caption", "ocr", "file name"]
    assert {picture.id} <= kb.store.images.keys() & kb.store.texts.keys()
    assert {document.state for document in kb.store.manifest.values()} == {"done"}


def test_a_second_run_reads_and_embeds_nothing(kb: FakeKb, dump: Path, make_png: Png) -> None:
    fill(dump, make_png)
    ingest_paths(kb, [dump])
    before = snapshot(kb.store)
    kb.text_embedder.asked.clear()
    n_read, n_seen = kb.models.reader.n_read, kb.image_embedder.n_seen
    assert counts(ingest_paths(kb, [dump])) == {"unchanged": 4}
    assert kb.text_embedder.asked == []
    assert (kb.models.reader.n_read, kb.image_embedder.n_seen) == (n_read, n_seen)
    assert snapshot(kb.store) == before


def test_a_document_whose_records_the_store_has_lost_is_read_again(kb: FakeKb, dump: Path, make_png: Png) -> None:
    fill(dump, make_png)
    ingest_paths(kb, [dump])
    before = snapshot(kb.store)
    lost = kb.store.by_source()["dump/notes.txt"].doc_id
    del kb.store.texts[record_id(lost, 0)]
    assert counts(ingest_paths(kb, [dump])) == {"replaced": 1, "unchanged": 3}
    assert snapshot(kb.store) == before


@pytest.mark.parametrize(
    ("change", "replaced"),
    [
        (lambda dump, png: (dump / "notes.txt").write_text("other words"), "dump/notes.txt"),
        (lambda dump, png: (dump / "captions.csv").write_text("file,caption\npump.png,B\n"), "dump/pump.png"),
        (lambda dump, png: (dump / "pump.txt").write_text("a sidecar"), "dump/pump.png"),
        (lambda dump, png: (dump / "notes.md").write_text("x") and (dump / "notes.md").unlink(), ""),
    ],
    ids=["bytes", "caption row", "sidecar", "nothing"],
)
def test_what_a_document_is_made_from_decides_whether_it_is_read_again(
    kb: FakeKb, dump: Path, make_png: Png, change: Callable[[Path, Png], object], replaced: str
) -> None:
    fill(dump, make_png)
    ingest_paths(kb, [dump])
    before = dict(kb.store.manifest)
    change(dump, make_png)
    ingest_paths(kb, [dump])
    changed = [new.source for id_, new in kb.store.manifest.items() if new != before[id_]]
    assert changed == ([replaced] if replaced else [])


def test_a_page_is_read_again_when_a_picture_that_it_links_changes(kb: FakeKb, dump: Path, make_png: Png) -> None:
    fill(dump, make_png)
    ingest_paths(kb, [dump])
    (dump / "pump.png").write_bytes(make_png((1, 2, 3)))
    assert counts(ingest_paths(kb, [dump])) == {"replaced": 2, "unchanged": 2}
    assert any("red 1 green 2 blue 3" in text for text in kb.store.texts_of("dump/page.md"))


def test_a_linked_picture_that_appears_later_is_taken_in(kb: FakeKb, dump: Path, make_png: Png) -> None:
    (dump / "page.md").write_text("Words.\n\n![late](late.png)\n")
    ingest_paths(kb, [dump / "page.md"])
    assert len(kb.store.images) == 0
    (dump / "late.png").write_bytes(make_png())
    assert counts(ingest_paths(kb, [dump / "page.md"])) == {"replaced": 1}
    assert len(kb.store.images) == 1


def test_a_shorter_version_leaves_nothing_of_the_longer_one(kb: FakeKb, dump: Path) -> None:
    file = dump / "long.txt"
    file.write_text("\n\n".join(f"Paragraph {n}. " + "word " * 50 for n in range(9)))
    ingest_paths(kb, [dump])
    assert len(kb.store.texts) >= 9
    file.write_text("short")
    assert counts(ingest_paths(kb, [dump])) == {"replaced": 1}
    assert [record.text for record, _ in kb.store.texts.values()] == ["short"]


def test_equal_bytes_under_two_paths_are_two_documents_read_and_embedded_once(
    kb: FakeKb, dump: Path, make_png: Png
) -> None:
    for folder in ("a", "b"):
        (dump / folder).mkdir()
        (dump / folder / "pump.png").write_bytes(make_png())
        (dump / folder / "notes.txt").write_text("the same words")
    report = ingest_paths(kb, [dump])
    assert counts(report) == {"new": 4}
    assert report.records == 4
    assert kb.models.reader.n_read == 1
    assert kb.image_embedder.n_seen == 1
    assert sorted(kb.text_embedder.asked) == ["red 200 green 10 blue 20\npump", "the same words"]
    assert kb.store.texts_of("dump/a/pump.png") == kb.store.texts_of("dump/b/pump.png")
    assert len(kb.store.images) == 2


def test_a_moved_document_is_copied_and_not_made_again(kb: FakeKb, dump: Path, make_png: Png) -> None:
    (dump / "pump.png").write_bytes(make_png())
    ingest_paths(kb, [dump])
    (dump / "sub").mkdir()
    shutil.move(dump / "pump.png", dump / "sub" / "pump.png")
    kb.text_embedder.asked.clear()
    assert counts(ingest_paths(kb, [dump], prune=True)) == {"new": 1, "removed": 1}
    assert kb.text_embedder.asked == []
    assert list(kb.store.by_source()) == ["dump/sub/pump.png"]
    assert [record.source for record, _ in kb.store.images.values()] == ["dump/sub/pump.png"]


def test_a_document_whose_model_changes_place_with_another_gets_its_own_content(kb: FakeKb, dump: Path) -> None:
    (dump / "a.txt").write_text("first words")
    ingest_paths(kb, [dump])
    (dump / "b.txt").write_text("first words")
    (dump / "a.txt").write_text("second words")
    ingest_paths(kb, [dump])
    assert kb.store.texts_of("dump/a.txt") == ["second words"]
    assert kb.store.texts_of("dump/b.txt") == ["first words"]


def test_pictures_with_other_names_share_one_reading(kb: FakeKb, dump: Path, make_png: Png) -> None:
    (dump / "red pump.png").write_bytes(make_png())
    (dump / "old valve.png").write_bytes(make_png())
    ingest_paths(kb, [dump])
    assert kb.models.reader.n_read == 1
    assert kb.image_embedder.n_seen == 1
    assert kb.store.texts_of("dump/old valve.png")[0].endswith("old valve")


def test_one_broken_file_fails_alone_and_keeps_its_reason(kb: FakeKb, dump: Path, make_png: Png) -> None:
    (dump / "broken.png").write_bytes(make_png()[:60])
    (dump / "good.txt").write_text("good")
    report = ingest_paths(kb, [dump])
    assert counts(report) == {"new": 1, "n_failed": 1}
    assert report.exit_code == 3
    failed = kb.store.by_source()["dump/broken.png"]
    assert (failed.state, failed.transient, failed.n_records) == ("failed", False, 0)
    assert failed.error == report.failed[0].reason != ""


def test_a_failure_that_has_not_changed_is_reported_but_not_tried_again(
    kb: FakeKb, dump: Path, make_png: Png, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dump / "broken.png").write_bytes(make_png()[:60])
    ingest_paths(kb, [dump])
    reads: list[object] = []
    monkeypatch.setattr("tests.ingest.doubles.read_document", lambda task: reads.append(task))
    report = ingest_paths(kb, [dump])
    assert reads == []
    assert counts(report) == {"n_failed": 1}
    assert report.exit_code == 1


def test_retry_reads_only_what_failed(kb: FakeKb, dump: Path, make_png: Png) -> None:
    (dump / "broken.png").write_bytes(make_png()[:60])
    (dump / "good.txt").write_text("good")
    ingest_paths(kb, [dump])
    (dump / "broken.png").write_bytes(make_png())
    (dump / "new.txt").write_text("not asked for")
    report = ingest_paths(kb, [], retry=True)
    assert report.documents == 1
    assert counts(report) == {"new": 1}
    assert set(kb.store.by_source()) == {"dump/broken.png", "dump/good.txt"}


def test_retry_without_a_failure_is_well(kb: FakeKb, dump: Path) -> None:
    (dump / "good.txt").write_text("good")
    ingest_paths(kb, str(dump))
    report = ingest_paths(kb, [], retry=True)
    assert (report.documents, report.exit_code) == (0, 0)


def test_no_paths_at_all_are_a_mistake(kb: FakeKb) -> None:
    with pytest.raises(ConfigError, match="give files"):
        ingest_paths(kb, [])


def test_a_copy_of_records_that_have_gone_fails_until_the_next_run(kb: FakeKb, dump: Path) -> None:
    (dump / "a.txt").write_text("\n\n".join(f"{n} {'word ' * 300}" for n in range(4)))
    ingest_paths(kb, [dump])
    before = kb.store.texts_of("dump/a.txt")
    del kb.store.texts[record_id(kb.store.by_source()["dump/a.txt"].doc_id, 1)]  # neither first nor last
    (dump / "sub").mkdir()
    (dump / "a.txt").rename(dump / "sub" / "a.txt")
    report = ingest_paths(kb, [dump])
    assert report.failed[0].transient
    assert "missing" in report.failed[0].reason
    ingest_paths(kb, [dump], prune=True)
    assert counts(ingest_paths(kb, [dump])) == {"new": 1}
    assert kb.store.texts_of("dump/sub/a.txt") == before


def test_a_document_that_breaks_loses_its_records_and_says_why(kb: FakeKb, dump: Path, make_png: Png) -> None:
    (dump / "p.png").write_bytes(make_png())
    ingest_paths(kb, [dump])
    (dump / "p.png").write_bytes(make_png()[:60])
    report = ingest_paths(kb, [dump])
    assert counts(report) == {"n_failed": 1}
    assert kb.store.texts == kb.store.images == {}


def test_a_failure_that_may_pass_keeps_the_records(kb: FakeKb, dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (dump / "a.txt").write_text("first")
    ingest_paths(kb, [dump])
    (dump / "a.txt").write_text("second")

    def time_out(task: object) -> object:
        from ingest.read.worker import Outcome

        return Outcome(error="took too long", transient=True)

    with monkeypatch.context() as patch:
        patch.setattr("tests.ingest.doubles.read_document", time_out)
        assert counts(ingest_paths(kb, [dump])) == {"n_failed": 1}
    document = kb.store.by_source()["dump/a.txt"]
    assert (document.state, document.error, document.n_records) == ("done", "took too long", 1)
    assert kb.store.texts_of("dump/a.txt") == ["first"]
    assert counts(ingest_paths(kb, [dump])) == {"replaced": 1}
    assert kb.store.texts_of("dump/a.txt") == ["second"]
    assert kb.store.by_source()["dump/a.txt"].error == ""


def test_prune_removes_what_is_gone_and_nothing_else(kb: FakeKb, dump: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for file in (dump / "a.txt", dump / "b.txt", elsewhere / "c.txt"):
        file.write_text(f"words of {file.name}")
    ingest_paths(kb, [dump, elsewhere])
    (dump / "a.txt").unlink()
    (elsewhere / "c.txt").unlink()
    assert counts(ingest_paths(kb, [dump])) == {"unchanged": 1}
    assert counts(ingest_paths(kb, [dump], prune=True)) == {"unchanged": 1, "removed": 1}
    assert set(kb.store.by_source()) == {"dump/b.txt", "elsewhere/c.txt"}
    assert {record.source for record, _ in kb.store.texts.values()} == {"dump/b.txt", "elsewhere/c.txt"}


def test_prune_removes_nothing_of_an_archive_that_cannot_be_read(kb: FakeKb, dump: Path, make_png: Png) -> None:
    fill(dump, make_png)
    ingest_paths(kb, [dump])
    archive = dump / "more.zip"
    archive.write_bytes(archive.read_bytes()[:40])
    report = ingest_paths(kb, [dump], prune=True)
    assert report.removed == 0
    assert report.not_removed == 1
    assert kb.store.texts_of("dump/more.zip!/inner.txt") == ["Packed words."]
    assert report.exit_code == 3


def test_the_failure_of_a_file_that_was_deleted_is_forgotten(kb: FakeKb, dump: Path, make_png: Png) -> None:
    (dump / "broken.png").write_bytes(make_png()[:60])
    (dump / "good.txt").write_text("good")
    ingest_paths(kb, [dump])
    (dump / "broken.png").unlink()
    assert counts(ingest_paths(kb, [dump])) == {"unchanged": 1}
    assert list(kb.store.by_source()) == ["dump/good.txt"]


def test_a_path_that_does_not_exist_is_said_and_not_kept(kb: FakeKb, dump: Path) -> None:
    report = ingest_paths(kb, [dump / "nowhere"])
    assert counts(report) == {"n_failed": 1}
    assert report.exit_code == 1
    assert kb.store.manifest == {}


def test_an_empty_folder_is_nothing_to_do(kb: FakeKb, dump: Path) -> None:
    report = ingest_paths(kb, [dump])
    assert (report.documents, report.exit_code) == (0, 1)


def test_a_dry_run_says_what_a_run_then_does_and_writes_nothing(kb: FakeKb, dump: Path, make_png: Png) -> None:
    fill(dump, make_png)
    ingest_paths(kb, [dump])
    (dump / "notes.txt").unlink()
    (dump / "page.md").write_text("changed")
    (dump / "new.txt").write_text("new")
    before = snapshot(kb.store)
    planned = ingest_paths(kb, [dump], prune=True, dry_run=True)
    assert snapshot(kb.store) == before
    assert counts(planned) == counts(ingest_paths(kb, [dump], prune=True))
    assert counts(planned) == {"new": 1, "replaced": 1, "unchanged": 2, "removed": 1}


def test_a_picture_without_words_and_without_an_image_model_has_no_record(
    kb: FakeKb, dump: Path, make_png: Png
) -> None:
    (dump / "1.png").write_bytes(make_png((255, 255, 255)))
    blind = kb.without_pixels()
    report = ingest_paths(blind, [dump])
    assert counts(report) == {"new": 1}
    assert "no image model" in report.warnings[0]
    assert kb.store.texts == kb.store.images == {}
    assert counts(ingest_paths(blind, [dump])) == {"unchanged": 1}


def test_long_words_of_a_picture_go_on_in_text_records(kb: FakeKb, dump: Path, make_png: Png) -> None:
    (dump / "1.png").write_bytes(make_png())
    (dump / "1.txt").write_text(" ".join(f"word{n}" for n in range(150)))
    ingest_paths(kb, [dump])
    records = kb.store.records_of(kb.store.by_source()["dump/1.png"].doc_id)
    assert [record.kind for record in records] == ["image", "text", "text"]
    assert len({record.metadata["asset"] for record in records}) == 1
    assert all(f"word{n}" in " ".join(record.text for record in records) for n in range(150))


def test_words_that_could_not_be_read_are_read_by_the_next_ingest(
    kb: FakeKb, dump: Path, make_png: Png, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dump / "pump.png").write_bytes(make_png())

    def out_of_memory(image: object) -> list[object]:
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patch:
        patch.setattr(kb.models.reader, "read", out_of_memory)
        report = ingest_paths(kb, [dump])
    assert counts(report) == {"new": 1}
    assert "out of memory" in report.warnings[0]
    assert counts(ingest_paths(kb, [dump])) == {"replaced": 1}
    assert kb.store.texts_of("dump/pump.png") == ["red 200 green 10 blue 20\npump"]
    assert counts(ingest_paths(kb, [dump])) == {"unchanged": 1}


def test_other_settings_of_description_read_pictures_again(kb: FakeKb, dump: Path, make_png: Png) -> None:
    (dump / "pump.png").write_bytes(make_png())
    ingest_paths(kb, [dump])
    kb.models.reader = None
    assert counts(ingest_paths(kb, [dump])) == {"replaced": 1}
    assert kb.store.texts_of("dump/pump.png") == ["pump"]


def test_a_vector_that_is_no_number_fails_its_document_alone(
    kb: FakeKb, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "bad", "c"):
        (dump / f"{name}.txt").write_text(f"words {name}")
    embed = kb.text_embedder.embed

    def sometimes_nan(texts: list[str]) -> np.ndarray:
        rows: np.ndarray = embed(texts)
        rows[[text == "words bad" for text in texts]] = np.nan
        return rows

    monkeypatch.setattr(kb.text_embedder, "embed", sometimes_nan)
    report = ingest_paths(kb, [dump])
    assert counts(report) == {"new": 2, "n_failed": 1}
    assert kb.store.by_source()["dump/bad.txt"].state == "failed"
    assert set(report.failed[0].reason.split()) >= {"NaN"}


def test_a_store_that_goes_away_ends_the_ingest_with_its_error(kb: FakeKb, dump: Path, make_png: Png) -> None:
    fill(dump, make_png)

    def gone(name: str) -> None:
        if name == "upsert":
            raise StoreUnreachable("the server is down")

    kb.store = DictStore(gone)
    n_threads = threading.active_count()
    with pytest.raises(StoreUnreachable):
        ingest_paths(kb, [dump])
    assert threading.active_count() == n_threads


def test_ctrl_c_ends_all_threads_and_the_next_run_completes(kb: FakeKb, dump: Path, make_png: Png) -> None:
    for n in range(30):
        (dump / f"{n}.png").write_bytes(make_png((n, n, n)))
    interrupted = FakeKb(kb.folder, store=DictStore())

    def press(stage: str, done: int, total: int | None) -> None:
        if done == 5:
            raise KeyboardInterrupt

    n_threads = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        ingest_paths(interrupted, [dump], on_progress=press)
    assert threading.active_count() == n_threads
    ingest_paths(interrupted, [dump])
    ingest_paths(kb, [dump])
    assert snapshot(interrupted.store) == snapshot(kb.store)


def test_progress_counts_every_document_up_to_the_total(kb: FakeKb, dump: Path, make_png: Png) -> None:
    fill(dump, make_png)
    (dump / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    told: list[tuple[str, int, int | None]] = []
    ingest_paths(kb, [dump], on_progress=lambda *args: told.append(args))
    assert told == [("documents", n, 5) for n in range(1, 6)]


def test_batches_do_not_decide_what_is_stored(
    kb: FakeKb, dump: Path, make_png: Png, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(dump, make_png)
    (dump / "long.txt").write_text("\n\n".join(f"Paragraph {n}. " + "word " * 50 for n in range(9)))
    ingest_paths(kb, [dump])
    small = FakeKb(kb.folder, store=DictStore())
    monkeypatch.setattr(ingest.records.embedder, "BATCH_RECORDS", 2)
    monkeypatch.setattr(ingest.records.assembler, "AHEAD", 1)
    ingest_paths(small, [dump])
    assert snapshot(small.store) == snapshot(kb.store)


def test_the_report_is_json(kb: FakeKb, dump: Path, make_png: Png) -> None:
    import json

    fill(dump, make_png)
    report = ingest_paths(kb, [dump])
    again = json.loads(json.dumps(report.to_dict()))
    assert again["new"] == 4
    assert again["captions"]["tables"][0]["n_joined"] == 1
    assert again["timings_s"].keys() >= {"scan", "plan", "parse", "describe", "embed texts", "commit"}


def test_spoiled_manifest_rows_of_a_run_that_was_killed_are_put_right(kb: FakeKb, dump: Path) -> None:
    (dump / "a.txt").write_text("words")
    ingest_paths(kb, [dump])
    before = snapshot(kb.store)
    (document,) = kb.store.manifest.values()
    kb.store.manifest[document.doc_id] = replace(document, state="writing", content_hash="", n_records=5)
    ingest_paths(kb, [dump])
    assert snapshot(kb.store) == before
