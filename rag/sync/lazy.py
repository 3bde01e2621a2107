"""Values that are made at their first use, once, whichever thread asks first."""

from __future__ import annotations

from functools import cached_property
from threading import RLock
from typing import Any, Self, TypeVar, overload

T = TypeVar("T")


class Lazy:
    """Base of classes with `lazy_property`; holds the lock under which those are made."""

    def __init__(self) -> None:
        self._making = RLock()


class lazy_property(cached_property[T]):  # noqa: N801 - it is used as a decorator, like its parent
    """A cached property of a `Lazy` that two threads cannot make twice.

    Once made, the value is an attribute like any other, found before this is asked: reading it takes no lock.
    """

    @overload
    def __get__(self, instance: None, owner: type[Any] | None = None) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type[Any] | None = None) -> T: ...

    def __get__(self, instance: Any, owner: type[Any] | None = None) -> Self | T:
        if instance is None:
            return self
        made = vars(instance)
        with instance._making:  # not the parent's way: up to Python 3.11 that has one lock for all instances
            if self.attrname not in made:
                made[self.attrname] = self.func(instance)
        value: T = made[self.attrname]
        return value
