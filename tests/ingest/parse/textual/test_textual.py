"""Notebooks, TeX, subtitles, tables, and what in a text is none."""

from __future__ import annotations

import base64
import json
import random
from typing import Any

import pytest

from rag.errors import DocumentError
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.offices import png


def notebook(*cells: dict[str, Any]) -> str:
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4})


def test_a_notebook_is_its_cells_and_what_they_printed(read: Read) -> None:
    picture = base64.encodebytes(png().getvalue()).decode()
    found = read(
        notebook(
            {"cell_type": "markdown", "source": ["# Tide\n", "The gauge is **high**."]},
            {
                "cell_type": "code",
                "source": "fit(harmonics=37)",
                "outputs": [
                    {"output_type": "stream", "text": ["residual \x1b[31m0.04\x1b[0m m\n"]},
                    {"output_type": "display_data", "data": {"image/png": picture, "text/plain": ["<Figure>"]}},
                    {
                        "output_type": "execute_result",
                        "data": {"text/html": "<table><tr><td>a<td>b<tr><td>1<td>2</table>"},
                    },
                    {"output_type": "error", "ename": "ValueError", "evalue": "no tide", "traceback": ["..."]},
                ],
            },
        ),
        "a.ipynb",
    )
    assert found.sections == [
        (("Tide",), "The gauge is high."),
        (("Tide",), "fit(harmonics=37)"),
        (("Tide",), "residual 0.04 m"),
        (("Tide",), "| a | b |\n| --- | --- |\n| 1 | 2 |"),
        (("Tide",), "Error: ValueError: no tide"),
    ]
    assert found.image.data == png().getvalue()


def test_pictures_pasted_into_a_cell_are_its_attachments(read: Read) -> None:
    picture = base64.b64encode(png().getvalue()).decode()
    cell = {
        "cell_type": "markdown",
        "source": "![a lamp](attachment:a.png)",
        "attachments": {"a.png": {"image/png": picture}},
    }
    assert read(notebook(cell), "a.ipynb").words("alt") == ["a lamp"]


@pytest.mark.parametrize("data", ["{", "[]", '{"nbformat": 4}', "[" * 100_000])
def test_a_broken_notebook_says_so(read: Read, data: str) -> None:
    with pytest.raises(DocumentError, match="notebook is broken"):
        read(data, "a.ipynb")


def test_tex_keeps_sections_formulas_lists_tables_and_captions(read: Read) -> None:
    source = r"""\documentclass{article}\title{On Weirs}\author{Nell Abney}\begin{document}\maketitle
    \section{Flow} % a remark
    The flow is $Q = \frac{a}{b}$, na\"ive~\cite{x} --- and 5\,\% more.
    \begin{itemize}\item one \item two\end{itemize}
    \subsection{Parts}
    \begin{tabular}{ll}\hline Part & Count \\ seal & 7 \\ \end{tabular}
    \begin{figure}\includegraphics[width=3cm]{fig/p}\caption{The \emph{quince}}\end{figure}
    \end{document} after the end"""
    found = read(source, "a.tex", {"fig/p.png": png().getvalue()})
    assert (found.info.title, found.info.metadata) == ("On Weirs", {"author": "Nell Abney"})
    assert found.sections == [
        (("Flow",), "The flow is Q = a/b, naïve — and 5 % more.\n- one\n- two"),
        (("Flow", "Parts"), "| Part | Count |\n| --- | --- |\n| seal | 7 |"),
    ]
    assert found.words("caption") == ["The quince"]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "source", [r"\section{" * 20_000, "{" * 50_000, r"\begin{table}" * 5_000, "$" * 20_001, "\\" * 9999]
)
def test_hostile_tex_ends_in_time(read: Read, source: str) -> None:
    read("words\n\n" + source, "a.tex")


def test_subtitles_are_what_is_said_with_the_time(read: Read) -> None:
    srt = (
        "1\n00:00:01,000 --> 00:00:03,000\n<i>The weir</i> was\nbuilt in 1911.\n\n"
        "2\n00:00:03,500 --> 00:00:05,000\nNobody knows why.\n\n3\n01:01:05,000 --> 01:01:07,000\nLater.\n"
    )
    assert read(srt, "a.srt").texts == ["[0:00:01] The weir was built in 1911. Nobody knows why.", "[1:01:05] Later."]
    vtt = "WEBVTT\n\nNOTE by hand\n\n00:01.000 --> 00:02.000 align:start\n<v Ann>Hello.\n"
    assert read(vtt, "a.vtt").texts == ["[0:00:01] Ann: Hello."]
    ass = "[Script Info]\n\n[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,{\\b1}Hello,\\Nyou.\n"
    assert read(ass, "a.ass").texts == ["[0:00:01] Hello, you."]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_data_in_csv_repeats_its_header_in_each_part(read: Read, delimiter: str) -> None:
    rows = ["Vessel,Crew beds,Launched", *(f"Heron {n},{n},19{n % 100:02}" for n in range(500))]
    texts = read("\n".join(rows).replace(",", delimiter), "a.csv").texts
    assert len(texts) > 1
    assert all(text.startswith("| Vessel | Crew beds | Launched |\n| --- |") for text in texts)
    assert sum(text.count("| Heron") for text in texts) == 500


@pytest.mark.parametrize(
    ("text", "is_said"),
    [("a,b\n1,2\n2,3;4\n", False), ("a;b,c\n1,5;2\n2,5;3\n", True), ("sep=;\na;b,c\n1,5;2\n2,5;3\n", False)],
)
def test_a_delimiter_that_is_a_guess_is_said(read: Read, text: str, is_said: bool) -> None:
    assert any("a guess" in warning for warning in read(text, "a.csv").warnings) is is_said


def test_csv_that_names_its_delimiter_and_csv_that_is_none(read: Read) -> None:
    assert read("sep=;\na;b\n1;2\n", "a.csv").texts == ["| a | b |\n| --- | --- |\n| 1 | 2 |"]
    assert read("only words\nand more words\n", "a.csv").texts == ["only words\nand more words"]


def test_base64_and_endless_numbers_are_no_words(read: Read) -> None:
    noise = base64.encodebytes(random.Random(0).randbytes(3000)).decode()
    digits = ", ".join(str(n / 7) for n in range(400))
    found = read(
        f"Before.\n\n{noise}\n\nBetween.\n\n[{digits}]\n\ndata:image/png;base64,{'iVBORw0K' * 20} After.", "a.txt"
    )
    assert [text.strip("[] ") for text in found.texts if text.strip("[] ")] == ["Before.", "Between.", "After."]
    assert "which are no words" in found.warnings[0]


def test_long_words_paths_and_code_stay(read: Read) -> None:
    text = (
        "see /usr/share/"
        + "a_very_long_folder_name/" * 8
        + "\n"
        + "-" * 200
        + "\nx = [1, 2, 3]\n"
        + "antidisestablish" * 8
    )
    assert read(text, "a.py").texts == [text]
