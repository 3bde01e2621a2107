"""What the columns of a caption table mean: one names the picture, some are words about it, the rest is the user's."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.captions.column_words import CAPTION_WORDS, OTHER_WORDS, PICTURE_WORDS
from ingest.captions.csv_rows import PICTURE_NAME
from ingest.captions.tables import Row, is_code, typed
from ingest.parse.elements import Origin, OriginText

_NAMING_WORDS = PICTURE_WORDS | {"title", "name", "src", "url", "source", "original", "target", "media", "asset", "key"}
"""What calls a column or key whose value names a file: of an object about one picture, no other key does."""
_ALT_WORDS = frozenset({"alt", "alttext"})
# Tables of questions about pictures are made to test systems like this one: their words must not become captions.
_QUIZ_WORDS = frozenset({"question", "questions", "answer", "answers", "query", "queries", "prompt", "response"})
_LETTER = re.compile(r"[^\W\d_]")
# Chinese, Japanese and Korean put no spaces between words: a character counts as one.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\s\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_WORDS_OF_A_SENTENCE = 3
_WORDS_OF_A_LONG_ONE = 6
_FEW_WORDS = 1.4
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NO_WORDS = re.compile(r"\d|://|@|\\|/")
_SAMPLE_CELLS = 20_000
_MOST_TEXT_CHARS = 100_000
_MOST_TEXTS = 100
_MOST_COLUMN_BYTES = 16_000
_MOST_NESTED = 8
_INT64 = 2**63


@dataclass(frozen=True, slots=True)
class Columns:
    """Values of a row by their names, and how many more were too large to be kept."""

    values: dict[str, Any]
    n_left_out: int = 0


@dataclass(frozen=True, slots=True)
class Roles:
    """Columns by what they mean.

    Attributes:
        image: names the picture.
        captions: words about it, in the table's order.
        codes: number-like columns that stay text, because a value in them begins with a zero.
    """

    image: str
    captions: tuple[str, ...]
    codes: frozenset[str] = frozenset()

    def has(self, column: str) -> bool:
        return column == self.image or column in self.captions

    def texts(self, row: Row) -> list[OriginText]:
        """The row's words about its picture."""
        found: list[OriginText] = []
        for name in self.captions:
            origin: Origin = "caption" if _ALT_WORDS.isdisjoint(_parts(name)) else "alt"
            found.extend(OriginText(origin, text) for text in _texts(row.get(name)) if not PICTURE_NAME.search(text))
        return found

    def columns(self, row: Row, *, of_csv: bool) -> Columns:
        """The row's other columns as JSON: CSV cells get their types, empty ones are left out."""
        columns: dict[str, Any] = {}
        left_bytes, n_left_out = _MOST_COLUMN_BYTES, 0
        for name, value in row.items():
            if self.has(name):
                continue
            if of_csv and isinstance(value, str) and name not in self.codes:
                value = typed(value)
            value = plain(value)
            if value is None or value == "":
                continue
            n_bytes = len(name.encode()) + len(json.dumps(value).encode())
            if n_bytes > left_bytes:
                n_left_out += 1
                continue
            left_bytes -= n_bytes
            columns[plain(name)] = value
        return Columns(columns, n_left_out)


def picture_name(value: Any) -> str:
    """What a cell names, as text: file names may be numbers."""
    return str(plain(value)).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def choose_image_column(rows: Sequence[Row], names_picture: Callable[[str], bool]) -> str | None:
    """The column most of whose values name pictures, or at least look like file names of pictures.

    Args:
        rows: a sample.
        names_picture: whether a value names a picture that was found.
    """
    best, best_rank = None, (0, 0, 0)
    names = list(dict.fromkeys(name for row in rows for name in row))
    rows = rows[: max(1, _SAMPLE_CELLS // max(1, len(names)))]
    for column in names:
        values = [name for row in rows if (name := picture_name(row.get(column)))]
        hits = [names_picture(value) for value in values]
        named = sum(hits)
        likely = sum(hit or PICTURE_NAME.search(value) is not None for hit, value in zip(hits, values, strict=True))
        rank = (named, likely, int(_is_called(column, PICTURE_WORDS)))
        if 2 * likely >= len(values) and rank > best_rank and likely:
            best, best_rank = column, rank
    return best


def choose_roles(rows: Sequence[Row], image: str, *, surely: tuple[str, ...] = ()) -> Roles:
    """The caption columns by their names; where no name tells, the one column that reads like sentences.

    Args:
        rows: a sample.
        image: the column that names the picture.
        surely: caption columns that are known without looking.
    """
    if surely:
        return Roles(image, surely)
    others = [name for name in dict.fromkeys(name for row in rows for name in row) if name != image]
    wordy = {name: words for name in others if (words := _mean_words(row.get(name) for row in rows))}
    captions = [name for name in wordy if _is_caption_name(name)]
    likely = {
        name: words
        for name, words in wordy.items()
        if _QUIZ_WORDS.isdisjoint(_parts(name))
        and (words >= _WORDS_OF_A_LONG_ONE or not (_is_called(name, OTHER_WORDS) or _holds_numbers(name, rows)))
    }
    if not captions and likely:
        longest = max(likely, key=lambda name: likely[name])
        if likely[longest] >= _WORDS_OF_A_SENTENCE or len(others) == 1 or _speaks_most(longest, likely, rows):
            captions = [longest]
    return Roles(image, tuple(captions))


def names_a_picture(column: str) -> bool:
    """Whether a key is called like one whose value is a file's name."""
    return _is_called(column, _NAMING_WORDS)


def _holds_numbers(column: str, rows: Sequence[Row]) -> bool:
    """Dates, addresses and codes: digits in most of the cells."""
    cells = [text for row in rows for text in _texts(row.get(column))]
    return 2 * sum(any(char.isdigit() for char in cell) for cell in cells) > len(cells)


def _speaks_most(column: str, likely: Mapping[str, float], rows: Sequence[Row]) -> bool:
    """Whether short texts are captions all the same, in any language: clearly longer than those of other columns,
    hardly ever the same twice, and no dates, addresses or links."""
    second = max((words for name, words in likely.items() if name != column), default=0.0)
    cells = [text for row in rows for text in _texts(row.get(column))]
    plain_cells = [text for text in cells if not _NO_WORDS.search(text)]
    is_telling = 10 * len(set(cells)) >= 8 * len(cells) and 2 * len(plain_cells) > len(cells)
    return is_telling and likely[column] >= max(_FEW_WORDS, second * _FEW_WORDS)


def find_codes(rows: Iterable[Row]) -> frozenset[str]:
    """Columns of a CSV in which some value is a code such as `007`."""
    return frozenset(name for row in rows for name, value in row.items() if isinstance(value, str) and is_code(value))


def plain(value: Any, depth: int = 0) -> Any:
    """The value as JSON that every store takes: no NaN, no lone surrogates, no integers over 64 bit, not too deep."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int) and not -_INT64 <= value < _INT64:
        return str(value)
    if isinstance(value, dict | list) and depth >= _MOST_NESTED:
        return None
    if isinstance(value, dict):
        return {plain(str(key)): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item, depth + 1) for item in value]
    return value


def _texts(value: Any) -> Iterator[str]:
    """The texts of a cell: JSON tables also have lists of captions, or of objects that hold one each."""
    if isinstance(value, str):
        text = plain(value).strip()[:_MOST_TEXT_CHARS]
        if text:
            yield text
    elif isinstance(value, list):
        for item in value[:_MOST_TEXTS]:
            if isinstance(item, dict):
                item = next((item[key] for key in ("raw", "caption", "text") if key in item), None)
            if isinstance(item, str):
                yield from _texts(item)


def _parts(name: str) -> list[str]:
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", unicodedata.normalize("NFC", name))
    return [part for part in re.split(r"[\W_]+", spaced.casefold()) if part]


def _is_caption_name(name: str) -> bool:
    return _is_called(name, CAPTION_WORDS) and not _is_called(name, OTHER_WORDS)


def _is_called(name: str, words: frozenset[str]) -> bool:
    """Whether one of the words is in the name; languages without spaces write several as one."""
    parts = _parts(name)
    joined = "".join(parts)
    if not words.isdisjoint(parts) or joined in words:
        return True
    return _UNSPACED.search(joined) is not None and any(word in joined for word in words if _UNSPACED.search(word))


def _mean_words(values: Iterable[Any]) -> float:
    """Mean number of words in a column; 0 where less than half of its values hold a letter."""
    filled = [value for value in values if value not in (None, "", []) and not isinstance(value, dict)]
    cells = [" ".join(_texts(value)) or ("" if isinstance(value, list) else str(value)) for value in filled]
    lettered = [cell for cell in cells if _LETTER.search(cell)]
    if not lettered or 2 * len(lettered) < len(cells):
        return 0.0
    return sum(len(_WORD.findall(cell)) for cell in lettered) / len(lettered)
