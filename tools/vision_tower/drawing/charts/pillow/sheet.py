"""A sheet to draw a chart on: words, title, legend and small print around the room that is left for the plot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from PIL import Image, ImageDraw

from tools.vision_tower.drawing import fonts
from tools.vision_tower.drawing.charts import words as charts_words
from tools.vision_tower.drawing.charts.pillow.look import Look
from tools.vision_tower.drawing.charts.spec import Chart
from tools.vision_tower.drawing.colours import RGB


class Box(NamedTuple):
    """Pixels; `x1` and `y1` lie on the edge."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    def inset(self, left: float = 0, top: float = 0, right: float = 0, bottom: float = 0) -> Box:
        """Smaller by so many pixels at each side."""
        return Box(self.x0 + left, self.y0 + top, self.x1 - right, self.y1 - bottom)


class Sheet:
    """A picture under way: `pen` draws on it, `box` is the room that nothing has been put into yet."""

    def __init__(self, chart: Chart, look: Look, tones: list[RGB], rng: Random) -> None:
        self.chart, self.look, self.tones, self.rng = chart, look, tones, rng
        self.image = Image.new("RGB", (look.width, look.height), look.back)
        self.pen = ImageDraw.Draw(self.image)
        margin = look.text_px * rng.uniform(0.6, 1.6)
        self.box = Box(0, 0, look.width - 1, look.height - 1).inset(margin, margin, margin, margin)

    def tone(self, place: int) -> RGB:
        """Of the series, bar or slice in that place; there may be one for all."""
        return self.tones[place % len(self.tones)]

    def write(
        self,
        at: tuple[float, float],
        words: str,
        anchor: str = "la",
        *,
        fill: RGB | None = None,
        strong: bool = False,
        size_px: int | None = None,
    ) -> None:
        path = self.look.strong if strong else self.look.text
        face = fonts.font(path, size_px or self.look.text_px)
        self.pen.text(at, words, fill or self.look.ink, face, anchor)

    def write_turned(self, at: tuple[float, float], words: str, degrees: int, *, ends: bool = False) -> None:
        """Turned counterclockwise about its middle, or with its end at that point."""
        look = self.look
        face = fonts.font(look.text, look.text_px)
        mask = Image.new("L", (max(1, math.ceil(self.length(words))), round(look.text_px * 1.3)))
        ImageDraw.Draw(mask).text((0, mask.height / 2), words, 255, face, "lm")
        turned = mask.rotate(degrees, Image.Resampling.BILINEAR, expand=True)
        x = at[0] - (turned.width if ends and degrees < 90 else turned.width / 2)
        y = at[1] - (0 if ends else turned.height / 2)
        self.image.paste(look.ink, (round(x), round(y)), turned)

    def length(self, words: str, *, strong: bool = False, size_px: int | None = None) -> float:
        """In pixels."""
        path = self.look.strong if strong else self.look.text
        return fonts.font(path, size_px or self.look.text_px).getlength(words)

    def wrap(self, words: str, room: float, *, strong: bool = False, size_px: int | None = None) -> list[str]:
        """Lines of whole words, each at most `room` pixels long unless one word is longer."""
        lines = [""]
        for word in words.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self.length(longer, strong=strong, size_px=size_px) > room:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def cut(self, words: str, room: float) -> str:
        """As much of it as there is room for."""
        while words and self.length(words) > room:
            words = words[:-1]
        return words

    def dash(self, start: tuple[float, float], end: tuple[float, float], fill: RGB, width: int = 1) -> None:
        """A dashed straight line."""
        length = math.dist(start, end)
        step = max(4.0, self.look.text_px * 0.6)
        for place in range(int(length / step) + 1):
            one, two = place * step / max(length, 1), min(1.0, (place + 0.5) * step / max(length, 1))
            self.pen.line([_between(start, end, one), _between(start, end, two)], fill, width)

    def furnish(self) -> None:
        """Border, accent line, title, subtitle and small print."""
        look, box = self.look, self.box
        if look.border:
            self.pen.rectangle((0, 0, look.width - 1, look.height - 1), outline=look.border)
        if look.accent:
            self._accent(look.accent)
        if look.title_at != "none":
            self._heading()
        foot = [charts_words.fill(line, self.chart.topic, self.chart.unit, self.rng) for line in self._foot()]
        small = max(6, round(look.text_px * 0.8))
        bottom = self.box.y1
        if look.house_name:
            bottom -= small * 1.3
            self.write((box.x0, bottom), self.rng.choice(charts_words.HOUSES), strong=True, size_px=small)
        for line in reversed([part for note in foot for part in self.wrap(note, box.width, size_px=small)][:4]):
            bottom -= small * 1.25
            self.write((box.x0, bottom), line, fill=look.soft, size_px=small)
        if bottom < self.box.y1:
            self.box = self.box._replace(y1=bottom - look.text_px * 0.7)

    def _foot(self) -> Sequence[str]:
        return self.rng.sample(charts_words.FOOTNOTES, self.look.foot_lines)

    def _accent(self, colour: RGB) -> None:
        look, box = self.look, self.box
        thick = max(1, round(look.text_px * self.rng.choice((0.1, 0.15, 0.35))))
        if look.accent_at in ("top", "both"):
            self.pen.rectangle((box.x0, box.y0 - thick, box.x1, box.y0), colour)
            self.box = self.box.inset(top=look.text_px * 0.5)
        if look.accent_at in ("bottom", "both"):
            self.pen.rectangle((box.x0, box.y1, box.x1, box.y1 + thick), colour)
            self.box = self.box.inset(bottom=look.text_px * 0.3)
        if look.accent_at == "tag":
            self.pen.rectangle((box.x0, 0, box.x0 + look.text_px * 2.5, look.text_px * 0.6), colour)

    def _heading(self) -> None:
        look, box = self.look, self.box
        lines = self.wrap(self.chart.title, box.width, strong=True, size_px=look.title_px)[:3]
        top = box.y0
        x, anchor = (box.x0, "la") if look.title_at == "left" else ((box.x0 + box.x1) / 2, "ma")
        for line in lines:
            self.write((x, top), line, anchor, strong=True, size_px=look.title_px)
            top += look.title_px * 1.2
        if look.subtitle:
            words = charts_words.fill(
                self.rng.choice(charts_words.SUBTITLES), self.chart.topic, self.chart.unit, self.rng
            )
            for line in self.wrap(words, box.width)[:2]:
                self.write((x, top), line, anchor, fill=look.soft)
                top += look.text_px * 1.25
        self.box = box._replace(y0=top + look.text_px * 0.6)

    def legend(
        self, labels: Sequence[str], tones: Sequence[RGB], *, place: str | None = None, mark: str = "square"
    ) -> None:
        """Beside, below or above the room that is left, which shrinks by it; inside: over a corner of it."""
        place = place or self.look.legend
        if place == "right":
            self._legend_column(labels, tones, mark)
        elif place == "inside":
            self._legend_inside(labels, tones, mark)
        else:
            self._legend_rows(labels, tones, mark, below=place == "bottom")

    def _legend_column(self, labels: Sequence[str], tones: Sequence[RGB], mark: str) -> None:
        em, box = self.look.text_px, self.box
        room = min(max(self.length(label) for label in labels) + em * 1.5, box.width * 0.33)
        top = box.y0 + max(0.0, (box.height - len(labels) * em * 1.5) * self.rng.choice((0.0, 0.5)))
        for label, tone in zip(labels, tones, strict=True):
            self._key((box.x1 - room, top), self.cut(label, room - em * 1.3), tone, mark)
            top += em * 1.5
        self.box = box.inset(right=room + em * 0.6)

    def _legend_inside(self, labels: Sequence[str], tones: Sequence[RGB], mark: str) -> None:
        """Drawn later, over the plot."""
        self.inside = (labels, tones, mark)

    inside: tuple[Sequence[str], Sequence[RGB], str] | None = None

    def finish(self, box: Box) -> None:
        """What lies over the plot: a legend in one of its corners."""
        if self.inside is None:
            return
        labels, tones, mark = self.inside
        em = self.look.text_px
        width = min(box.width * 0.5, max(self.length(label) for label in labels) + em * 2)
        height = min(box.height * 0.6, len(labels) * em * 1.3 + em * 0.6)
        x, y = self.rng.choice((box.x0 + em * 0.6, box.x1 - width - em * 0.6)), box.y0 + em * 0.5
        self.pen.rectangle((x, y, x + width, y + height), self.look.plot_back or self.look.back, self.look.line)
        for row, (label, tone) in enumerate(zip(labels, tones, strict=True)):
            if (row + 1) * em * 1.3 < height:
                self._key((x + em * 0.4, y + em * (0.4 + 1.3 * row)), self.cut(label, width - em * 1.9), tone, mark)

    def _legend_rows(self, labels: Sequence[str], tones: Sequence[RGB], mark: str, *, below: bool) -> None:
        em, box = self.look.text_px, self.box
        rows: list[list[tuple[str, RGB]]] = [[]]
        used = 0.0
        for label, tone in zip(labels, tones, strict=True):
            width = self.length(label) + em * 2.3
            if rows[-1] and used + width > box.width:
                rows.append([])
                used = 0.0
            rows[-1].append((label, tone))
            used += width
        room = len(rows) * em * 1.5
        top = box.y1 - room + em * 0.4 if below else box.y0
        for row in rows:
            width = sum(self.length(label) + em * 2.3 for label, _ in row) - em
            x = box.x0 + (0 if self.look.title_at == "left" else max(0, (box.width - width) / 2))
            for label, tone in row:
                self._key((x, top), label, tone, mark)
                x += self.length(label) + em * 2.3
            top += em * 1.5
        self.box = box.inset(bottom=room + em * 0.4) if below else box.inset(top=room + em * 0.4)

    def _key(self, at: tuple[float, float], label: str, tone: RGB, mark: str) -> None:
        em, (x, y) = self.look.text_px, at
        if mark == "line":
            self.pen.line((x, y + em * 0.5, x + em, y + em * 0.5), tone, max(1, self.look.stroke))
        elif mark == "circle":
            self.pen.ellipse((x, y, x + em * 0.8, y + em * 0.8), tone)
        else:
            self.pen.rectangle((x, y, x + em * 0.8, y + em * 0.8), tone, self.look.outline)
        self.write((x + em * 1.2, y + em * 0.45), label, "lm", fill=self.look.soft)


def _between(start: tuple[float, float], end: tuple[float, float], share: float) -> tuple[float, float]:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def printed(value: float, unit: str) -> str:
    """As a chart prints it: 1,250 or 37% or 0.4."""
    words = f"{value:,.0f}" if abs(value) >= 100 else f"{value:g}"
    return f"{words}%" if unit == "%" else words


def contrast(ground: RGB) -> RGB:
    """Ink that can be read on that ground."""
    return (255, 255, 255) if 0.3 * ground[0] + 0.6 * ground[1] + 0.1 * ground[2] < 140 else (30, 30, 30)
