from fakes import record

from rag.cli import console
from rag.trace import Note
from rag.types import ChannelScore, Hit

HOSTILE = "safe\x1b[2J\x1b]0;title\x07\u202etxt.exe\r\nnext"


def test_foreign_text_cannot_act_on_the_terminal():
    shown = console.one_line(HOSTILE)
    assert shown == "safe[2J]0;titletxt.exe next"


def test_a_hit_shows_its_place_kind_scores_and_beginning(capsys):
    views = {"text": ChannelScore(0.5, 3.0, 1), "image": ChannelScore(None, 0.0, None)}
    hit = Hit(record("pump.pdf", "word " * 100, page=3), 2.5, views, 1.25, rerank=0.75, also=("dump/copy.pdf",))
    lines = console.hit_lines(1, hit, explain=True)
    assert lines[0] == "[1] dump/pump.pdf, page 3  (text)  score 2.50 (text 0.50, rerank 0.75)"
    assert lines[1].endswith("...")
    assert len(lines[1]) <= console.SNIPPET_CHARS + 7
    assert lines[2] == "    also: dump/copy.pdf"
    assert any("no row" in line for line in lines)
    assert any("rank 1" in line for line in lines)


def test_results_and_notes_go_to_different_streams(capsys):
    console.say("result")
    console.notes([Note("image_channel_off", "the image channel is off")])
    out, err = capsys.readouterr()
    assert (out, err) == ("result\n", "note: the image channel is off\n")
