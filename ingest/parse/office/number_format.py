"""Numbers as a sheet shows them: `42` under the format `0000` is 0042, under `0.00" m"` it is 42.00 m.

Source: ECMA-376 Part 1, 18.8.31. Dates are shown in ISO's order instead of the sheet's: it can be read everywhere.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

_TOKEN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|General|[#0?]+|.', re.IGNORECASE | re.DOTALL)
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_DIGITS = frozenset("#0?")
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_MAX_FORMAT_CHARS = 255


@dataclass(frozen=True, slots=True)
class _Section:
    """What one part of a format says about a number."""

    before: str
    after: str
    n_whole: int = 0
    n_fixed: int = 0
    n_shown: int = 0
    is_grouped: bool = False
    percents: int = 0
    thousands: int = 0
    has_digits: bool = False
    is_plain: bool = False
    mask: tuple[str, ...] = ()  # of `000-00`, whose digits have something between them


def shown(value: object, code: str) -> str:
    """A cell's value about as its sheet shows it; `code` is its number format."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, timedelta):
        return _elapsed(value.total_seconds())
    if isinstance(value, time):
        return (
            _elapsed(value.hour * 3600 + value.minute * 60 + value.second) if _ELAPSED.search(code) else _clock(value)
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, code or "General")
    return str(value)


def _clock(value: time) -> str:
    return value.isoformat("seconds" if value.second else "minutes")


def _elapsed(seconds: float) -> str:
    whole = round(abs(seconds))
    sign = "-" if seconds < 0 else ""
    return f"{sign}{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def _number(value: float, code: str) -> str:
    if not (abs(value) < 1e300) or len(code) > _MAX_FORMAT_CHARS:
        return f"{value:.12g}"
    sections = _sections(code)
    section = sections[0]
    magnitude = value
    if len(sections) > 1 and value < 0:
        section, magnitude = sections[1], abs(value)
    elif len(sections) > 2 and value == 0:
        section = sections[2]
    if section.is_plain:
        return f"{value:.12g}"
    if not section.has_digits:
        return section.before or (f"{value:.12g}" if len(sections) == 1 else "")
    if section.mask:
        return section.before + _masked(magnitude, section.mask) + section.after
    return _digits(magnitude, section)


def _masked(value: float, mask: tuple[str, ...]) -> str:
    digits = f"{abs(value):.0f}"
    out: list[str] = []
    for token in reversed(mask):
        if token[0] not in _DIGITS:
            out.append(_literal(token))
            continue
        for place in reversed(token):
            out.append(digits[-1] if digits else "0" if place == "0" else "")
            digits = digits[:-1]
    return ("-" if value < 0 else "") + digits + "".join(reversed(out))


def _digits(value: float, section: _Section) -> str:
    value = value * 100**section.percents / 1000**section.thousands
    text = f"{abs(value):.{min(section.n_shown, 15)}f}"
    whole, _, fraction = text.partition(".")
    while len(fraction) > section.n_fixed and fraction.endswith("0"):
        fraction = fraction[:-1]
    whole = whole.lstrip("0").rjust(section.n_whole, "0") if whole.strip("0") or section.n_whole else ""
    if section.is_grouped:
        whole = f"{int(whole or 0):,}".rjust(section.n_whole, "0") if whole else ""
    number = f"{whole or ('' if fraction else '0')}.{fraction}" if fraction else whole or "0"
    sign = "-" if value < 0 and number.strip("0.,") else ""
    return f"{section.before if not sign else sign + section.before}{number}{section.after}"


@lru_cache(maxsize=512)
def _sections(code: str) -> list[_Section]:
    return [_section(part) for part in _split(code)[:4]]


def _split(code: str) -> list[str]:
    """At semicolons, but for those inside quotes."""
    parts = [""]
    for token in _TOKEN.findall(code):
        if token in {";"}:
            parts.append("")
        else:
            parts[-1] += token
    return parts


def _section(code: str) -> _Section:
    code = _CURRENCY.sub(lambda found: f'"{found[1]}"' if found[1] else "", code)
    tokens = _TOKEN.findall(code)
    if "@" in tokens or "/" in tokens or any(token.lower() in {"general", "e"} for token in tokens):
        return _Section("", "", is_plain=True)  # as it is: text, fractions, powers of ten
    digits_at = [at for at, token in enumerate(tokens) if token[0] in _DIGITS]
    if not digits_at:
        return _Section("".join(map(_literal, tokens)), "")
    first, last = digits_at[0], digits_at[-1]
    pattern = "".join(tokens[first : last + 1])
    tail = tokens[last + 1 :]
    n_scale = len(list(itertools.takewhile(",".__eq__, tail)))
    is_masked = any(token[0] not in _DIGITS and token not in {",", "."} for token in tokens[first : last + 1])
    whole, _, fraction = "".join(c for c in pattern if c in "#0?.,").partition(".")
    return _Section(
        before="".join(map(_literal, tokens[:first])),
        after="".join(map(_literal, tail[n_scale:])),
        n_whole=whole.replace(",", "").count("0"),
        n_fixed=fraction.count("0"),
        n_shown=sum(fraction.count(c) for c in _DIGITS),
        is_grouped="," in whole,
        percents=tokens.count("%"),
        thousands=n_scale,
        has_digits=True,
        mask=tuple(tokens[first : last + 1]) if is_masked and "." not in tokens else (),
    )


def _literal(token: str) -> str:
    if token[0] == '"':
        return token[1:-1]
    if token[0] == "\\":
        return token[1:]
    return "" if token[0] in "_*[" else token
