"""Windows full of a typewriter's letters: source code and terminals."""

from __future__ import annotations

from PIL.Image import Image

from tools.vision_tower.drawing import colours
from tools.vision_tower.drawing.colours import CHROMATIC, RGB, mix
from tools.vision_tower.drawing.pages.canvas import Canvas
from tools.vision_tower.drawing.pages.ribbons import mono_path
from tools.vision_tower.drawing.pages.screens.widgets import screen, window_bar
from tools.vision_tower.drawing.pages.spec import Kind, Lots, PageSpec

_SCREEN = ("screenshot of {}", "a screenshot showing {}", "screen with {}")


def _code(spec: PageSpec, rng: Lots) -> Image:
    """Indented lines whose words have the colours of their roles."""
    canvas = screen(spec, rng)
    if rng.random() < 0.3:
        canvas.width, canvas.height = rng.randint(280, 400), rng.randint(240, 460)
        canvas = Canvas(
            rng, (canvas.width, canvas.height), dark=canvas.dark, paper=None if canvas.dark else (255, 255, 255)
        )
        canvas.text_px = rng.randint(7, 9)
    canvas.body = mono_path()
    tones = _syntax_tones(canvas)
    y, gutter = window_bar(canvas) + 4, 8
    if rng.random() < 0.3:
        canvas.rect((0, y - 4, canvas.width * 0.18, canvas.height), canvas.pale)
        for i in range(rng.randint(5, 12)):
            canvas.run(8, y + 4 + i * canvas.leading_px, canvas.width * 0.1, "label", fill=canvas.soft)
        gutter = round(canvas.width * 0.18) + 6
    numbered, indent, number = spec.word("lines of code") != "", 0, rng.randint(1, 120)
    while y + canvas.leading_px < canvas.height:
        if numbered:
            canvas.text(gutter + 16, y, str(number), anchor="ra", fill=canvas.soft)
        number += 1
        if rng.random() < 0.88:
            _code_line(canvas, gutter + (26 if numbered else 0) + indent * 4 * canvas.text_px * 0.6, y, tones)
            indent = max(0, min(5, indent + rng.choice((-1, 0, 0, 1, 1) if indent else (0, 1))))
        else:
            indent = max(0, indent - 1)
        y += canvas.leading_px
    return canvas.image


def _syntax_tones(canvas: Canvas) -> dict[str, RGB]:
    rng, names = canvas.rng, ("keyword", "identifier", "literal", "comment")
    if canvas.dark:
        tones = [mix(colours.tone(rng.choice(CHROMATIC), rng), (255, 255, 255), 0.35) for _ in names]
    else:
        tones = [
            mix(colours.tone(rng.choice(("blue", "purple", "red", "teal", "green", "brown")), rng), (0, 0, 0), 0.15)
            for _ in names
        ]
    return dict(zip(names, tones, strict=True)) | {"identifier": canvas.ink}


def _code_line(canvas: Canvas, x: float, y: float, tones: dict[str, RGB]) -> None:
    rng = canvas.rng
    if rng.random() < 0.12:
        canvas.run(x, y, min(rng.uniform(60, 200), canvas.width - x), "comment", fill=tones["comment"])
        return
    for _ in range(rng.randint(1, 6)):
        script = rng.choice(("keyword", "identifier", "identifier", "identifier", "literal"))
        x += canvas.item(x, y, script, fill=tones[script]) + canvas.text_px * 0.6


def _terminal(spec: PageSpec, rng: Lots) -> Image:
    """Prompts, commands and their output in a typewriter's face."""
    canvas = screen(spec, rng)
    canvas.body = mono_path()
    if canvas.dark and rng.random() < 0.6:
        canvas.rect((0, 0, canvas.width, canvas.height), (12, 12, 12))
    output = mix((80, 220, 100), canvas.ink, rng.choice((0, 1, 1)))
    y = window_bar(canvas) + 4
    prompt = rng.choice(("$", ">", "user@host:~$", "#", "C:\\>"))
    last = rng.uniform(0.4, 1) * canvas.height
    while y + canvas.leading_px < last:
        if rng.random() < 0.3:
            canvas.text(6, y, prompt, fill=mix(colours.tone("green", rng), canvas.ink, 0.2))
            canvas.run(12 + len(prompt) * canvas.text_px * 0.62, y, rng.uniform(30, 140), "identifier")
        else:
            canvas.run(
                6, y, canvas.width * rng.uniform(0.1, 0.85), rng.choice(("prose", "identifier", "number")), fill=output
            )
        y += canvas.leading_px
    canvas.rect((6, y, 6 + canvas.text_px * 0.6, y + canvas.text_px), canvas.ink)
    return canvas.image


KINDS = (
    Kind(
        ("source code", "program code", "code editor window", "source code listing"),
        _code,
        {"theme": ("light", "dark", "dark"), "lines of code": ("", "numbers")},
        _SCREEN,
        uncounted=("source code", "program code"),
    ),
    Kind(
        ("terminal window", "command line window", "terminal", "console with commands"),
        _terminal,
        {"theme": ("dark", "dark", "dark", "light")},
        _SCREEN,
    ),
)
