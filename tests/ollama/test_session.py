"""One context size a model, measured speed, and which model stands in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from rag.ollama.choice import HeldModel, stand_in
from rag.ollama.memory import too_large
from rag.ollama.session import ModelSession
from rag.ollama.speed import Speed, SpeedBook
from rag.ports import ChatMessage

DAY = datetime(2026, 1, 1, tzinfo=UTC)


def test_one_size_serves_all_and_only_grows_by_doubling() -> None:
    session = ModelSession()
    asked = [300, 5000, 100, 9000, 200, 17_000]
    assert [session.size_for(n, start=8192, limit=40_000) for n in asked] == [8192, 8192, 8192, 16_384, 16_384, 32_768]


def test_a_size_never_passes_what_the_model_or_the_user_allows() -> None:
    assert ModelSession().size_for(50_000, start=8192, limit=12_000) == 12_000
    assert ModelSession().size_for(100, start=8192, limit=2048) == 2048


def test_what_the_server_has_loaded_already_is_kept_if_it_is_enough() -> None:
    assert ModelSession().size_for(3000, start=8192, limit=40_000, loaded=20_000) == 20_000
    assert ModelSession().size_for(3000, start=8192, limit=40_000, loaded=4096) == 8192


def test_only_what_follows_the_common_beginning_is_new() -> None:
    session = ModelSession()
    one = [ChatMessage("system", "s" * 90), ChatMessage("user", "u" * 95)]
    assert session.new_share(one) == 1.0
    session.has_read(one, "reply")
    longer = [*one, ChatMessage("assistant", "reply"), ChatMessage("user", "v" * 10)]
    assert 0 < session.new_share(longer) < 0.1
    session.forgot()
    assert session.new_share(longer) == 1.0


def test_speeds_are_medians_and_outlive_the_process(tmp_path: Path) -> None:
    path = tmp_path / "data" / "speeds.json"
    book = SpeedBook(path)
    for seconds in (1.0, 0.5, 100.0):
        book.read("http://h/", "m", 300, seconds)
    book.read("http://h", "m", 3, 1.0)
    book.written("http://h", "m", 80, 1.0)
    assert SpeedBook(path).of("http://h", "m") == Speed(300.0, 80.0)
    assert SpeedBook(path).of("http://h", "other") == Speed()
    assert Speed(300.0).reading_s(1500) == 5.0


def test_a_broken_file_of_speeds_is_none(tmp_path: Path) -> None:
    path = tmp_path / "speeds.json"
    for text in ("{", "[]", '{"a": 3}', '{"http://h m": {"read": ["x", -1]}}'):
        path.write_text(text)
        assert SpeedBook(path).of("http://h", "m") == Speed()


def test_the_newest_model_made_for_talking_stands_in() -> None:
    old, new = DAY, DAY.replace(month=5)
    held = [
        HeldModel("nomic-embed-text", ("embedding",), modified_at=new),
        HeldModel("llama3-base", ("completion",), modified_at=new),
        HeldModel("gemma-it", ("completion", "vision"), modified_at=old),
        HeldModel("qwen3-instruct", ("completion",), modified_at=new),
    ]
    chosen = stand_in(held)
    seeing = stand_in(held, sees=True)
    assert chosen is not None
    assert seeing is not None
    assert (chosen.name, seeing.name) == ("qwen3-instruct", "gemma-it")
    assert stand_in(held[:1]) is None


def test_a_model_larger_than_the_free_memory_is_said_before_it_is_loaded() -> None:
    assert "2.0 GiB of memory are free" in too_large("big", 8 * 1024**3, 2 * 1024**3)
    assert too_large("small", 1024**3, 2 * 1024**3) == ""
    assert too_large("any", 8 * 1024**3, None) == ""
