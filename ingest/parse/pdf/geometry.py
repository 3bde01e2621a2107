"""Rectangles of a PDF page, as it lies in the file and as it is read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle in PDF points, y upwards."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def area(self) -> float:
        return max(0.0, self.width) * max(0.0, self.height)

    @property
    def middle_x(self) -> float:
        return (self.left + self.right) / 2

    @property
    def middle_y(self) -> float:
        return (self.bottom + self.top) / 2

    def union(self, other: Box) -> Box:
        return Box(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )

    def intersection(self, other: Box) -> Box:
        """With no area where they do not meet."""
        return Box(
            max(self.left, other.left),
            max(self.bottom, other.bottom),
            min(self.right, other.right),
            min(self.top, other.top),
        )

    def grown(self, points: float) -> Box:
        return Box(self.left - points, self.bottom - points, self.right + points, self.top + points)

    def meets(self, other: Box) -> bool:
        shared = self.intersection(other)
        return shared.width > 0 and shared.height > 0

    def has(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def gap_above(self, other: Box) -> float:
        """Points between this box's top and the bottom of one above it; negative where they overlap."""
        return other.bottom - self.top

    def overlap_x(self, other: Box) -> float:
        return min(self.right, other.right) - max(self.left, other.left)

    def overlap_y(self, other: Box) -> float:
        return min(self.top, other.top) - max(self.bottom, other.bottom)

    def turned(self, degrees: int) -> Box:
        """The box on a page whose text runs at `degrees` (0, 90, 180, 270, counter-clockwise), seen upright.

        `box.turned(d).turned(360 - d)` is the box again.
        """
        left, bottom, right, top = self
        if degrees == 90:
            return Box(bottom, -right, top, -left)
        if degrees == 180:
            return Box(-right, -top, -left, -bottom)
        if degrees == 270:
            return Box(-top, left, -bottom, right)
        return self


def union(boxes: Iterable[Box]) -> Box:
    """Raises ValueError for none."""
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return Box(min(lefts), min(bottoms), max(rights), max(tops))
