"""What values hand to those who draw them, who are looked up when needed: values know no pictures and no stores."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame
    from PIL.Image import Image

_NOBODYS = ("assets_uri", "earlier")
"""Fields that are not handed on: where pictures lie, and the sources of other turns."""


class ShownInNotebooks:
    """Drawn by Jupyter."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(_notebook().as_html(self))


def said(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """A value's fields as JSON has them."""
    return {name: value for name, value in pairs if name not in _NOBODYS}


def stored_picture(assets_uri: str, asset: str) -> Image:
    """Raises AssetError or ImageError."""
    found: Image = _notebook().picture_of(assets_uri, asset)
    return found


def frame_of(found: object) -> DataFrame:
    """Raises ImportError: there is no pandas."""
    frame: DataFrame = _notebook().as_frame(found)
    return frame


def _notebook() -> Any:
    return import_module("rag.notebook")
