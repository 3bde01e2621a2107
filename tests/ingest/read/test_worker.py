import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.parse.elements import DocumentInfo, TextElement, Warned
from ingest.read.element_file import Picture, read_elements
from ingest.read.pool import WorkerPool
from ingest.read.worker import MAX_PIXELS_SHARED, Outcome, Task, read_document
from ingest.scan.sources import Source, scan
from rag.images.decode import load_image
from tests.ingest.hostile import Chatting, Crashing, Greedy, Hanging, Telling, source_of

Png = Callable[..., bytes]


def sources(dump: Path) -> dict[str, Source]:
    with scan([dump]) as running:
        return {source.path.source: source for source in running}


@pytest.fixture
def read(tmp_path: Path, dump: Path) -> Callable[[str], tuple[Outcome, list[object]]]:
    def read_one(name: str) -> tuple[Outcome, list[object]]:
        task = Task(sources(dump)[f"dump/{name}"], str(tmp_path / "out"), str(tmp_path / "assets"), "describe")
        outcome = read_document(task)
        return outcome, [] if outcome.error else list(read_elements(task.out))

    return read_one


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[WorkerPool]:
    pool = WorkerPool(str(tmp_path / "assets"), "describe", n_workers=1, timeout_s=1.5)
    yield pool
    pool.close()


def test_elements_cross_in_order_with_the_pixels_left_in_the_file(read: Callable, dump: Path, make_png: Png) -> None:
    (dump / "p.png").write_bytes(make_png((1, 2, 3)))
    (dump / "page.md").write_text(
        "# Top\n\nBefore \u2028 \U0001f600.\n\n![alt words](p.png)\n\nAfter.\n\n![no](gone.png)\n"
    )
    outcome, elements = read("page.md")
    kinds = [type(element) for element in elements if not isinstance(element, DocumentInfo)]
    assert kinds[:3] == [TextElement, Picture, TextElement]
    assert Warned in kinds
    (picture,) = [element for element in elements if isinstance(element, Picture)]
    assert picture.heading_path == ("Top",)
    assert ("alt", "alt words") in [(text.origin, text.text) for text in picture.texts]
    assert load_image(picture.read()).getpixel((0, 0)) == (1, 2, 3)
    assert outcome.links == ["**/gone.png", "gone.png", "p.png"]


def test_a_picture_is_kept_in_the_asset_store(read: Callable, dump: Path, tmp_path: Path, make_png: Png) -> None:
    from ingest.assets.writer import AssetStore

    (dump / "red_pump.png").write_bytes(make_png())
    _, (picture,) = read("red_pump.png")
    assert load_image(AssetStore(str(tmp_path / "assets")).get(picture.asset)).size == (64, 48)
    assert (picture.width_px, picture.height_px, len(picture.dhash)) == (64, 48, 16)
    assert [(text.origin, text.text) for text in picture.texts] == [("file name", "red pump")]


def test_a_huge_picture_crosses_in_a_smaller_copy(read: Callable, dump: Path, make_png: Png) -> None:
    (dump / "1.png").write_bytes(make_png(size=(8000, 4000)))
    _, (picture,) = read("1.png")
    image = load_image(picture.read())
    assert image.width * image.height <= MAX_PIXELS_SHARED
    assert abs(image.width / image.height - 2) < 0.01


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\nno", "cannot be"),
        ("a.pdf", b"%PDF-1.7 nothing", ""),
        ("a.bin", bytes(range(256)) * 9, ""),
        ("a.txt", b" \n ", "neither text nor"),
    ],
)
def test_a_bad_document_is_a_permanent_failure_with_its_reason(
    read: Callable, dump: Path, name: str, data: bytes, reason: str
) -> None:
    (dump / name).write_bytes(data)
    outcome, _ = read(name)
    assert reason in outcome.error != ""
    assert not outcome.transient
    assert len(outcome.content_hash) == 64


def test_a_broken_picture_in_a_page_with_words_is_a_warning(read: Callable, dump: Path, make_png: Png) -> None:
    (dump / "p.png").write_bytes(make_png()[:70])
    (dump / "page.md").write_text("Words.\n\n![p](p.png)\n")
    outcome, elements = read("page.md")
    assert outcome.error == ""
    assert any(isinstance(element, Warned) for element in elements)


def test_a_file_that_is_gone_is_a_failure_that_may_pass(tmp_path: Path) -> None:
    outcome = read_document(Task(source_of(Source), str(tmp_path / "out"), str(tmp_path / "assets"), ""))
    assert outcome.transient
    assert outcome.content_hash == ""


def test_a_document_that_hangs_or_crashes_is_lost_alone(pool: WorkerPool, dump: Path) -> None:
    (dump / "good.txt").write_text("good words")
    (good,) = sources(dump).values()
    readings = [pool.submit(source) for source in (source_of(Hanging), source_of(Crashing), good)]
    hung, crashed, fine = [reading.outcome() for reading in readings]
    assert hung.transient
    assert "took over 2 s" in hung.error
    assert crashed.transient
    assert "died" in crashed.error
    assert [element.text for element in read_elements(readings[2].elements)] == ["good words"]
    assert fine.error == ""


def test_a_document_that_wants_endless_memory_fails(pool: WorkerPool) -> None:
    outcome = pool.submit(source_of(Greedy)).outcome()
    assert "GB of memory" in outcome.error
    assert not outcome.transient


def test_a_worker_imports_no_model_and_not_the_main_module(pool: WorkerPool) -> None:
    reading = pool.submit(source_of(Telling))
    assert reading.outcome().error == ""
    assert [element.text for element in read_elements(reading.elements)] == ["heavy: [] main: None"]


def test_what_libraries_say_while_they_read_is_not_on_stderr(
    pool: WorkerPool, capfd: pytest.CaptureFixture[str]
) -> None:
    assert pool.submit(source_of(Chatting)).outcome().error == ""
    assert "chatter" not in capfd.readouterr().err


def test_nobody_waits_for_a_pool_that_was_closed(pool: WorkerPool) -> None:
    reading = pool.submit(source_of(Hanging))
    began = time.monotonic()
    pool.close()
    assert reading.outcome().transient
    assert time.monotonic() - began < 10
    assert not Path(reading.elements).parent.exists()


def test_what_a_killed_ingest_left_is_swept_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for name in (f"ingest-elements-{gone.pid}-a", f"ingest-elements-{os.getppid()}-b", "ingest-elements-mine"):
        (tmp_path / name).mkdir()
    pool = WorkerPool(str(tmp_path / "assets"), "describe", n_workers=1)
    pool.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"ingest-elements-{os.getppid()}-b",
        "ingest-elements-mine",
    ]


def test_a_script_without_a_main_guard_can_ingest(tmp_path: Path, dump: Path) -> None:
    (dump / "a.txt").write_text("words")
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\n"
        "from ingest import ingest_paths\n"
        "from tests.ingest.doubles import FakeKb\n"
        f"kb = FakeKb(Path({str(tmp_path)!r}))\n"
        f"print(ingest_paths(kb, [{str(dump)!r}]).new)\n"
    )
    root = str(Path(__file__).parents[3])
    done = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "1\n")
    assert "bootstrapping phase" not in done.stderr  # a worker that is ended while it starts may say so there
