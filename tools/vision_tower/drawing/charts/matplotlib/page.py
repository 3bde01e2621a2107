"""A matplotlib figure as a printed page: headline, small print and legend take their room, the axes get the rest."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from random import Random

from matplotlib import rcParams
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from tools.vision_tower.drawing.charts import words as charts_words
from tools.vision_tower.drawing.charts.matplotlib.look import SERIF, Look
from tools.vision_tower.drawing.charts.spec import Chart

GLYPH = 0.56
"""Width of a character as a share of the text's size, on average over the fonts in use."""


class Page:
    """Room is kept as `left, top, right, bottom` in pixels from the top left corner, and shrinks as things are set."""

    def __init__(self, chart: Chart, tones: list[str], look: Look, rng: Random) -> None:
        """Sets everything but the legend and the axes.

        Args:
            chart: what is shown.
            tones: '#rrggbb', one for each of `chart.colours`.
            look: its rc parameters are in force while the page lives.
            rng: for the words of subtitle and notes.
        """
        self.chart, self.tones, self.look, self.rng = chart, tones, look, rng
        self.width, self.height = look.size
        self.figure = Figure(figsize=(self.width / 72, self.height / 72), dpi=72)
        self.ink = str(rcParams["text.color"])
        self.paper = rcParams["figure.facecolor"]
        pad = look.text_px * rng.uniform(0.4, 1.3)
        self.left, self.right = pad, self.width - pad
        self.top, self.bottom = pad, self.height - pad
        self._rules()
        self._headline()
        self._small_print()

    def px(self, share: float) -> int:
        """Text of that share of the usual size. Whole pixels: matplotlib looks a font up anew for each size."""
        return max(6, round(share * self.look.text_px))

    def text(self, x: float, y: float, words: str, **style: object) -> None:
        """At pixels from the upper left corner."""
        self.figure.text(x / self.width, 1 - y / self.height, words, **style)

    def wrapped(self, words: str, size_px: float) -> tuple[str, float]:
        """The words broken to fit the room's width, and their height in pixels."""
        lines = textwrap.wrap(words, max(8, int((self.right - self.left) / (GLYPH * size_px)))) or [""]
        return "\n".join(lines), len(lines) * size_px * 1.3

    def axes(self, left: float = 0, bottom: float = 0, right: float = 0, top: float = 0) -> Axes:
        """Axes in what room is left, with so many pixels kept free for the labels at each side."""
        x, y = self.left + left, self.bottom - bottom
        width, height = max(30.0, self.right - right - x), max(30.0, y - self.top - top)
        box = (x / self.width, 1 - y / self.height, width / self.width, height / self.height)
        return self.figure.add_axes(box)

    def legend(self, names: Sequence[str], tones: Sequence[str], mark: str = "patch") -> None:
        """Names of series where the look wants them. `direct` is for the painter to do; here it means on top.

        Args:
            names: as many as `tones`.
            tones: colours of the marks.
            mark: patch, line or dot.
        """
        handles = [self._handle(tone, mark) for tone in tones]
        size = self.px(0.95)
        widest = max(map(len, names)) * GLYPH * size + 2.6 * size
        if self.look.legend == "right" and widest < 0.4 * (self.right - self.left):
            self.right -= widest
            middle = self.rng.choice((self.top, (self.top + self.bottom) / 2))
            where, at, columns = ("upper left" if middle == self.top else "center left"), (self.right, middle), 1
            at = (at[0] + size * 0.6, at[1])
        else:
            columns = max(1, min(len(names), int((self.right - self.left) / widest)))
            height = math.ceil(len(names) / columns) * size * 1.5
            side = self.rng.choice(("left", "center", "right"))
            x = {"left": self.left, "center": (self.left + self.right) / 2, "right": self.right}[side]
            below = self.look.legend == "bottom"
            where, at = f"{'lower' if below else 'upper'} {side}", (x, self.bottom if below else self.top)
            self.bottom -= height * below
            self.top += height * (not below)
        self.figure.legend(
            handles,
            names,
            loc=where,
            bbox_to_anchor=(at[0] / self.width, 1 - at[1] / self.height),
            ncols=columns,
            **self._legend_style(size),
        )

    def inner_legend(self, axes: Axes, names: Sequence[str], tones: Sequence[str], mark: str = "patch") -> None:
        """The same inside the axes, in a corner: scripts leave it there."""
        corner = self.rng.choice(("upper right", "upper left", "upper right", "lower right"))
        handles = [self._handle(tone, mark) for tone in tones]
        style = {**self._legend_style(self.px(0.9)), "borderaxespad": 0.5}
        style["frameon"] = self.rng.random() < 0.6
        axes.legend(handles, names, loc=corner, framealpha=0.8, **style)

    def _legend_style(self, size_px: float) -> dict[str, object]:
        framed = self.rng.random() < 0.15
        return {
            "fontsize": size_px,
            "frameon": framed,
            "borderpad": 0.3 if framed else 0.0,
            "borderaxespad": 0.0,
            "handlelength": 1.0,
            "handleheight": 0.8,
            "handletextpad": 0.45,
            "columnspacing": 1.0,
            "labelspacing": 0.4,
        }

    def _handle(self, tone: str, mark: str) -> Artist:
        if mark == "patch":
            return Patch(facecolor=tone, edgecolor=self.look.edge or tone, linewidth=0.5)
        if mark == "line":
            return Line2D([], [], color=tone, linewidth=self.look.line_px, marker=self.look.marker, markersize=4)
        return Line2D([], [], color=tone, linestyle="", marker=self.look.marker or "o", markersize=5)

    def _rules(self) -> None:
        look, thick = self.look, self.rng.uniform(0.6, 2.2)
        tint = self.rng.choice((self.ink, "#999999", self.tones[0]))
        if look.rules in {"top", "both"}:
            self._line(self.top, tint, thick)
            self.top += look.text_px * 0.7
        if look.rules == "both":
            self._line(self.bottom, tint, thick)
            self.bottom -= look.text_px * 0.5
        if look.rules in {"frame", "border"}:
            thick *= 6 if look.rules == "border" else 1
            self._box((0.5, 0.5), (self.width - 1, self.height - 1), fill=False, edgecolor=tint, linewidth=thick)
        if look.rules == "tab":
            self._box((self.left, 0), (look.text_px * 2.5, look.text_px * 0.7), facecolor=tint, linewidth=0)
            self.top += look.text_px * 0.5
        if look.rules == "band":
            self._box((0, 0), (self.width, look.text_px * 0.6), facecolor=tint, linewidth=0)
            self.top += look.text_px * 0.5

    def _line(self, y: float, tint: str, thick: float) -> None:
        x = (self.left / self.width, self.right / self.width)
        self.figure.add_artist(Line2D(x, [1 - y / self.height] * 2, color=tint, linewidth=thick))

    def _box(self, corner: tuple[float, float], size: tuple[float, float], **style: object) -> None:
        """`corner` is the top left one, in pixels."""
        low = (corner[0] / self.width, 1 - (corner[1] + size[1]) / self.height)
        box = Rectangle(low, size[0] / self.width, size[1] / self.height, transform=self.figure.transFigure, **style)
        self.figure.add_artist(box)

    def _headline(self) -> None:
        look = self.look
        if look.title == "none" or not self.chart.title:
            return
        size = self.px(look.title_scale)
        words, height = self.wrapped(self.chart.title, size * (1.08 if look.title_bold else 1.0))
        side = {"left": "left"}.get(look.title, "center")
        x = self.left if side == "left" else self.width / 2
        below = look.title == "below"
        self.text(
            x,
            self.bottom if below else self.top,
            words,
            ha=side,
            va="bottom" if below else "top",
            size=size,
            family=look.title_font,
            weight="bold" if look.title_bold else "normal",
            linespacing=1.15,
        )
        self.bottom -= (height + look.text_px * 0.5) * below
        self.top += (height + look.text_px * 0.5) * (not below)
        if look.subtitle:
            self._subtitle(x, side)

    def _subtitle(self, x: float, side: str) -> None:
        size = self.px(self.rng.uniform(0.95, 1.15))
        words, height = self.wrapped(self._invent(charts_words.SUBTITLES), size)
        italic = self.rng.random() < 0.55
        family = self.rng.choice(SERIF) if italic else self.look.title_font
        self.text(
            x,
            self.top,
            words,
            ha=side,
            va="top",
            size=size,
            family=family,
            style="italic" if italic else "normal",
            color=self.ink if self.rng.random() < 0.3 else "#808080",
        )
        self.top += height + self.look.text_px * 0.5

    def _small_print(self) -> None:
        size = self.px(self.rng.uniform(0.75, 0.95))
        if self.look.logo:
            house = self.rng.choice(charts_words.HOUSES)
            self.text(self.left, self.bottom, house, va="bottom", size=size, weight="bold")
            self.bottom -= size * 1.8
        if self.look.notes:
            notes = " ".join(self._invent(charts_words.FOOTNOTES) for _ in range(self.look.notes))
            words, height = self.wrapped(notes, size)
            self.text(self.left, self.bottom, words, va="bottom", size=size, color="#808080", linespacing=1.1)
            self.bottom -= height + self.look.text_px * 0.6

    def _invent(self, templates: Sequence[str]) -> str:
        topic = self.chart.topic or "this"
        return charts_words.fill(self.rng.choice(templates), topic, self.chart.unit, self.rng)
