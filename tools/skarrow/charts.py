"""Charts as the railway's office draws them. Nobody captions them: what they say is in their pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL.Image import Image

from skarrow import facts
from skarrow.canvas import AMBER, GREEN, INK, NAVY, PAPER, RED, SEA, SLATE, Box, Canvas, Point

GRID = "#dcd6c6"
WIDTH, HEIGHT = 820, 520


@dataclass(frozen=True)
class Axes:
    """Maps data to pixels inside `box`."""

    canvas: Canvas
    box: Box
    x_range: Point
    y_range: Point

    def at(self, x: float, y: float) -> Point:
        left, top, right, bottom = self.box
        (x0, x1), (y0, y1) = self.x_range, self.y_range
        return left + (x - x0) / (x1 - x0) * (right - left), bottom - (y - y0) / (y1 - y0) * (bottom - top)

    def ticks_y(self, values: Sequence[float], form: str = "{:g}") -> None:
        for value in values:
            _, y = self.at(self.x_range[0], value)
            self.canvas.line([(self.box[0], y), (self.box[2], y)], GRID, 1)
            self.canvas.text((self.box[0] - 10, y), form.format(value), 17, SLATE, anchor="rm")

    def ticks_x(self, values: Sequence[tuple[float, str]]) -> None:
        for value, name in values:
            x, _ = self.at(value, self.y_range[0])
            self.canvas.text((x, self.box[3] + 8), name, 17, SLATE, anchor="ma")

    def frame(self) -> None:
        left, top, right, bottom = self.box
        self.canvas.line([(left, top), (left, bottom), (right, bottom)], INK, 1.5)


def _sheet(title: str, x_label: str = "", y_label: str = "", note: str = "") -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, PAPER)
    canvas.text((WIDTH / 2, 22), title, 28, NAVY, "bold", "ma")
    canvas.text((96, 66), y_label, 18, SLATE, "sans", "la")
    canvas.text((WIDTH / 2 + 30, HEIGHT - 44), x_label, 18, SLATE, "sans", "ma")
    canvas.text((WIDTH - 14, HEIGHT - 10), note, 14, SLATE, "italic", "rd")
    return canvas


def passengers() -> Image:
    canvas = _sheet("Passengers carried in 2023", "Month", "Passengers", "61,300 in the year")
    axes = Axes(canvas, (96, 100, 790, 440), (-0.6, 11.6), (0, 14000))
    axes.ticks_y(range(0, 14001, 2000), "{:,}")
    for month, count in enumerate(facts.PASSENGERS_2023):
        left, top = axes.at(month - 0.36, count)
        right, bottom = axes.at(month + 0.36, 0)
        canvas.rect((left, top, right, bottom), RED if count == max(facts.PASSENGERS_2023) else SEA, round_px=3)
    axes.ticks_x(list(enumerate(facts.MONTHS)))
    axes.frame()
    return canvas.done()


def rope_wear() -> Image:
    canvas = _sheet(
        "Wear of the haulage rope", "Year of inspection", "Broken wires in the worst metre", "32 mm rope, laid 2011"
    )
    axes = Axes(canvas, (96, 100, 790, 440), (2011, 2025), (0, 14))
    axes.ticks_y(range(0, 15, 2))
    limit = facts.ROPE_DISCARD_LIMIT
    canvas.dashes(axes.at(2011, limit), axes.at(2025, limit), RED, 2.5, 36)
    canvas.text(axes.at(2011.3, limit + 0.2), "Discard limit: 12 broken wires", 18, RED, "bold", "ld")
    points = [axes.at(*point) for point in facts.ROPE_WEAR]
    canvas.line(points, NAVY, 3.5)
    for point, (_, wires) in zip(points, facts.ROPE_WEAR, strict=True):
        canvas.disc(point, 7, PAPER, NAVY, 3)
        canvas.text((point[0], point[1] - 12), str(wires), 17, NAVY, "bold", "md")
    axes.ticks_x([(year, str(year)) for year, _ in facts.ROPE_WEAR])
    axes.frame()
    return canvas.done()


def pump_power() -> Image:
    canvas = _sheet(
        "Where the pump's energy came from, 2023", note="Share of kilowatt-hours used at Fennel Spring pump house"
    )
    box, start = (110.0, 96.0, 470.0, 456.0), -90.0
    for (name, share), colour, row in zip(facts.PUMP_POWER_2023, (AMBER, SLATE, GREEN), range(3), strict=True):
        canvas.pie(box, start, start + share * 3.6, colour)
        start += share * 3.6
        y = 196 + row * 62
        canvas.rect((530, y, 560, y + 30), colour, round_px=4)
        canvas.text((576, y + 15), f"{name}  {share} %", 24, INK, anchor="lm")
    canvas.disc((290, 276), 98, PAPER)
    canvas.text((290, 262), "18,400", 36, NAVY, "bold", "mm")
    canvas.text((290, 298), "kWh", 22, SLATE, anchor="mm")
    return canvas.done()


def ice_creams() -> Image:
    canvas = _sheet(
        "Ice creams lost to gulls, summer 2022", "Ice creams", note="Counted by the Kettle Cafe, June to August"
    )
    axes = Axes(canvas, (200, 90, 780, 440), (0, 75), (0, 4))
    for value in range(0, 76, 15):
        x, y = axes.at(value, 0)
        canvas.line([(x, 90), (x, y)], GRID, 1)
    for row, (place, count) in enumerate(facts.ICE_CREAMS_2022):
        left, top = axes.at(0, 3.8 - row)
        right, bottom = axes.at(count, 3.2 - row)
        canvas.rect((left, top, right, bottom), (RED, AMBER, SEA, GREEN)[row], round_px=5)
        canvas.text((left - 12, (top + bottom) / 2), place, 20, INK, anchor="rm")
        canvas.text((right + 10, (top + bottom) / 2), str(count), 22, INK, "bold", "lm")
    axes.ticks_x([(value, str(value)) for value in range(0, 76, 15)])
    axes.frame()
    return canvas.done()


def brake_tests() -> Image:
    canvas = _sheet(
        "Brake test: stopping distance by load",
        "Passengers aboard",
        "Stopping distance (m)",
        "Car 2 Puffin, May 2024, dry rail",
    )
    axes = Axes(canvas, (96, 100, 790, 440), (-1, 26), (0, 3))
    axes.ticks_y([0, 0.5, 1, 1.5, 2, 2.5, 3], "{:.1f}")
    canvas.dashes(axes.at(-1, facts.BRAKE_LIMIT_M), axes.at(26, facts.BRAKE_LIMIT_M), RED, 2.5, 36)
    canvas.text(axes.at(-0.4, facts.BRAKE_LIMIT_M + 0.04), "Legal limit 2.5 m", 18, RED, "bold", "ld")
    canvas.line([axes.at(0, 1.14), axes.at(24, 1.92)], "#9db8c4", 2.5)
    for load, metres in facts.BRAKE_TESTS:
        canvas.disc(axes.at(load, metres), 8, GREEN, PAPER, 2)
    x, y = axes.at(24, 1.91)
    canvas.text((x - 4, y + 16), "1.91 m full", 18, INK, "bold", "ra")
    axes.ticks_x([(load, str(load)) for load, _ in facts.BRAKE_TESTS])
    axes.frame()
    return canvas.done()


def gradient_profile() -> Image:
    canvas = _sheet("Profile of the line", "Metres along the track", "Metres above the sea")
    axes = Axes(canvas, (96, 100, 790, 440), (0, 220), (0, 140))
    axes.ticks_y(range(0, 141, 20))
    points = [axes.at(*point) for point in facts.PROFILE]
    canvas.polygon([axes.at(0, 0), *points, axes.at(212, 0)], "#d9cfae")
    canvas.line(points, NAVY, 4)
    stations = (
        (0, 4, "Harbour", "la", 14, -58),
        (106, 63, "Halfway loop", "rd", -14, -6),
        (212, 122, "Beacon", "rd", -12, -8),
    )
    for along, height, name, anchor, dx, dy in stations:
        x, y = axes.at(along, height)
        canvas.disc((x, y), 8, RED, PAPER, 2)
        canvas.text((x + dx, y + dy), f"{name} {height} m", 19, INK, "bold", anchor)
    x, y = axes.at(95, 53)
    canvas.text((x + 24, y + 34), "Crow's Bend, steepest: 81 %", 18, SLATE, anchor="la")
    canvas.line([(x + 20, y + 44), (x + 4, y + 8)], SLATE, 1.5)
    axes.ticks_x([(value, str(value)) for value in (0, 40, 80, 106, 140, 180, 212)])
    axes.frame()
    return canvas.done()
