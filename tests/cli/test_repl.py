"""The conversation at the terminal."""

from __future__ import annotations

import io
import stat
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from rag.answers.chat_history import ChatHistory
from rag.cli.open_file import open_file, saved_asset
from rag.cli.repl import ChatLoop, _prompted, run_chat
from rag.errors import FilterSyntaxError, RagError
from rag.trace import Note
from rag.types import Answer, AnswerEvent, Citation, Event, Hit, Record, SourcesEvent, TokenEvent, Turn

HIT = Hit(Record("1", "d", "pump [x].pdf", "text", "Valve A.\x1b[2J", {"page": 3}), 1.0, {}, 1.0, also=("copy.pdf",))


class EchoKb:
    """Answers `Echo: <question> [1]` from one source; `fail` raises, `hang` is interrupted after its first word."""

    name = "manuals"

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.n_closed = 0
        self.before = ""

    def stream(
        self, question: str = "", *, image: Path | None = None, where: str = "", history: Sequence[Turn] = ()
    ) -> Iterator[Event]:
        self.asked.append({"question": question, "image": image, "where": where, "history": list(history)})
        if question == "fail":
            raise FilterSyntaxError("no such thing", "a ==", 3)
        try:
            yield SourcesEvent((HIT,))
            yield TokenEvent("Echo: ")
            if question == "hang":
                raise KeyboardInterrupt
            text = f"Echo: {question} [1]"
            yield TokenEvent(text.removeprefix("Echo: "))
            yield AnswerEvent(
                Answer(
                    self.before + text, (Citation(1, len(text) - 3, 0),), (HIT,), (Note("no_citation", "a note [red]"),)
                )
            )
        finally:
            self.n_closed += 1


def _reader(*lines: str | type[BaseException]) -> Callable[[], str]:
    left = iter(lines)

    def read() -> str:
        line = next(left, EOFError)
        if isinstance(line, str):
            return line
        raise line

    return read


class Session:
    def __init__(self, data_dir: Path | None = None, *, go_on: bool = False) -> None:
        self.kb = EchoKb()
        self.out = io.StringIO()
        self.opened: list[Path] = []
        self.located: Path | None = Path("/dump/pump.pdf")
        self.loop = ChatLoop(
            self.kb,
            Console(file=self.out, width=200, force_terminal=False),
            ChatHistory(data_dir, "manuals"),
            locate=lambda _: self.located,
            open_path=self.opened.append,
            go_on=go_on,
        )

    def type(self, *lines: str | type[BaseException]) -> str:
        """What is printed for these lines."""
        before = len(self.out.getvalue())
        self.n_errors = self.loop.run(_reader(*lines))
        return self.out.getvalue()[before:]


def test_an_answer_is_streamed_with_its_sources_and_notes() -> None:
    said = Session().type("Which valve?")
    assert said == (
        "Echo: Which valve? [1]\n[1] pump [x].pdf, page 3 · text (and 1 nearly the same)\nnote: a note [red]\n"
    )


def test_foreign_text_reaches_the_terminal_neither_as_markup_nor_as_control() -> None:
    session = Session()
    said = session.type("\x1b]0;evil\x07[bold red]x[/] \u202etxt", "/sources")
    assert "[bold red]x[/] txt" in said
    assert not {"\x1b", "\x07", "\u202e"} & set(said)


def test_history_is_handed_on_and_grows() -> None:
    session = Session()
    session.type("one", "two")
    assert session.kb.asked[0]["history"] == []
    assert session.kb.asked[1]["history"] == [Turn("one", "Echo: one [1]")]


def test_a_picture_goes_with_the_next_question_only(tmp_path: Path) -> None:
    picture = tmp_path / "my photo.png"
    picture.write_bytes(b"x")
    session = Session()
    session.type(f'/image "{picture}"', "what?", "and?")
    assert [each["image"] for each in session.kb.asked] == [picture, None]


def test_a_picture_that_is_not_there_is_refused_at_once() -> None:
    session = Session()
    assert "there is no file /nope.png" in session.type("/image /nope.png", "what?")
    assert session.kb.asked[0]["image"] is None


def test_a_filter_holds_until_it_is_taken_off() -> None:
    session = Session()
    session.type("/where year >= 2020", "one", "two", "/where", "three")
    assert [each["where"] for each in session.kb.asked] == ["year >= 2020", "year >= 2020", ""]


def test_a_broken_filter_is_refused_at_once_and_the_old_one_stays() -> None:
    session = Session()
    assert "expected a date or a number" in session.type("/where year >= 2020", "/where year >", "one")
    assert session.kb.asked[0]["where"] == "year >= 2020"


def test_sources_lists_what_the_answer_rests_on() -> None:
    session = Session()
    assert "no sources yet" in session.type("/sources")
    assert "[1] pump [x].pdf, page 3 · text" in session.type("one", "/sources")


def test_open_opens_the_file_of_a_source_and_only_when_asked() -> None:
    session = Session()
    session.type("one")
    assert session.opened == []
    session.type("/open 1")
    assert session.opened == [Path("/dump/pump.pdf")]


@pytest.mark.parametrize("argument", ["", "0", "2", "x", "-1", "\u0661\u0660"])
def test_open_refuses_what_is_no_source(argument: str) -> None:
    session = Session()
    assert "/open takes the number of a source, 1 to 1" in session.type("one", f"/open {argument}")
    assert session.opened == []


def test_a_source_without_a_file_here_says_so() -> None:
    session = Session()
    session.located = None
    assert "is not on this machine" in session.type("one", "/open 1")


def test_an_error_is_shown_and_the_loop_lives_on() -> None:
    session = Session()
    said = session.type("fail", "one")
    assert "no such thing\n  a ==\n     ^" in said
    assert "Echo: one" in said
    assert session.n_errors == 1


def test_ctrl_c_stops_the_answer_and_returns_to_the_prompt() -> None:
    session = Session()
    said = session.type("hang", "one")
    assert "(stopped)" in said
    assert "Echo: one [1]" in said
    assert session.kb.n_closed == 2
    assert session.kb.asked[1]["history"] == []


def test_ctrl_c_at_the_prompt_stays() -> None:
    assert "Echo: one" in Session().type(KeyboardInterrupt, "one")


@pytest.mark.parametrize("line", ["/quit", "/exit", EOFError])
def test_quit_leaves(line: str | type[BaseException]) -> None:
    session = Session()
    session.type(line, "never asked")
    assert session.kb.asked == []


def test_help_names_every_command() -> None:
    said = Session().type("/help")
    for name in ("/image", "/where", "/sources", "/open", "/history", "/clear", "/help", "/quit"):
        assert name in said


def test_an_unknown_command_is_not_asked_as_a_question() -> None:
    session = Session()
    assert "no command /imgae" in session.type("/imgae x.png", "//etc/passwd what is it?")
    assert [each["question"] for each in session.kb.asked] == ["/etc/passwd what is it?"]


def test_the_conversation_is_kept_across_runs_for_its_owner_only(tmp_path: Path) -> None:
    Session(tmp_path).type("one\u2028two \U0001f600")
    later = Session(tmp_path)
    assert "> one" in later.type("/history")
    later.type("three")
    assert [turn.question for turn in later.kb.asked[0]["history"]] == ["one\u2028two \U0001f600"]
    (file,) = (tmp_path / "history").glob("*.jsonl")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_new_run_is_a_new_conversation_unless_the_last_one_is_taken_up(tmp_path: Path) -> None:
    Session(tmp_path).type("one")
    new = Session(tmp_path)
    new.type("two")
    assert new.kb.asked[0]["history"] == []
    assert [turn.question for turn in ChatHistory(tmp_path, "manuals").load()] == ["two"]
    again = Session(tmp_path, go_on=True)
    again.type("three")
    assert [turn.question for turn in again.kb.asked[0]["history"]] == ["two"]
    assert [turn.question for turn in ChatHistory(tmp_path, "manuals").load()] == ["two", "three"]


def test_quotes_that_were_put_before_a_models_words_are_printed_after_them() -> None:
    session = Session()
    session.kb.before = "In the sources' own words:\n- “Valve A.” [1]\n\nThe model wrote: "
    said = session.type("one")
    assert said.startswith("Echo: one [1]\n\nIn the sources' own words:\n- “Valve A.” [1]\n")


def test_without_history_nothing_is_written(tmp_path: Path) -> None:
    Session(None).type("one")
    assert list(tmp_path.iterdir()) == []
    assert ChatHistory(None, "manuals").prompt_file() is None


def test_clear_forgets_on_disk_too(tmp_path: Path) -> None:
    session = Session(tmp_path)
    session.type("one", "/clear", "two")
    assert session.kb.asked[1]["history"] == []
    assert [turn.question for turn in ChatHistory(tmp_path, "manuals").load()] == ["two"]


@pytest.mark.parametrize(("lines", "code"), [("one\n\n/sources\ntwo", 0), ("fail\none\n", 1), ("", 0)])
def test_piped_input_is_answered_line_by_line(monkeypatch: pytest.MonkeyPatch, lines: str, code: int) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    kb, out = EchoKb(), io.StringIO()
    console = Console(file=out, width=200)
    assert run_chat(kb, data_dir=None, locate=lambda _: None, console=console) == code
    assert out.getvalue().count("Echo: ") == len([each for each in kb.asked if each["question"] != "fail"])


def test_the_line_editor_reads_lines_and_keeps_its_own_history(tmp_path: Path) -> None:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("Which valve?\r\x04")
        read = _prompted("manuals", ChatHistory(tmp_path, "manuals"))
        assert read() == "Which valve?"
        with pytest.raises(EOFError):
            read()
    kept = tmp_path / "history" / "manuals.prompts"
    assert "+Which valve?" in kept.read_text(encoding="utf-8")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_only_documents_and_pictures_are_opened(tmp_path: Path) -> None:
    for name in ("run.sh", "x.desktop", "x.png.exe", "noext", "x.py"):
        (tmp_path / name).write_bytes(b"x")
        with pytest.raises(RagError, match="open it yourself"):
            open_file(tmp_path / name)
    with pytest.raises(RagError, match="open it yourself"):
        open_file(tmp_path / "missing.png")


@pytest.mark.skipif(sys.platform != "linux", reason="xdg-open is Linux")
def test_the_opener_is_called_without_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bin_dir, said = tmp_path / "bin", tmp_path / "said"
    bin_dir.mkdir()
    (bin_dir / "xdg-open").write_text(f'#!/bin/sh\nprintf "%s|%s" "$#" "$1" > "{said}.tmp"; mv "{said}.tmp" "{said}"\n')
    (bin_dir / "xdg-open").chmod(0o755)
    target = tmp_path / "$(touch pwned); -x.png"
    target.write_bytes(b"x")
    monkeypatch.setenv("PATH", str(bin_dir), prepend=":")
    open_file(target)
    for _ in range(500):
        if said.exists():
            break
        time.sleep(0.01)
    assert said.read_text(encoding="utf-8") == f"1|{target}"
    assert not (Path.cwd() / "pwned").exists()


def test_without_an_opener_the_path_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RagError, match=r"a\.png"):
        open_file(tmp_path / "a.png")


def test_a_picture_is_saved_under_its_digest(tmp_path: Path) -> None:
    name = "ab" * 32 + ".webp"
    hit = Hit(Record("1", "d", "a.png", "image", "", {"asset": f"../../{name}"}), 1.0, {}, 1.0)
    assert saved_asset(hit, lambda _: b"webp", tmp_path) == tmp_path / name
    assert (tmp_path / name).read_bytes() == b"webp"
    assert saved_asset(HIT, lambda _: b"", tmp_path) is None
