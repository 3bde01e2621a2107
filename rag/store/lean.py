"""Milvus without what a question never needs: pandas and requests (0.5 s of every start) and SciPy (0.3 s).

pymilvus's ORM, which is always imported with it, uses pandas for data frames only, its client requests for clusters of
several regions only; it imports SciPy at the first search to see whether a vector is one of SciPy's matrices; and Arrow
imports pandas to see whether values are a data frame's. `tests/store/test_lean.py` fails when this is needed no longer.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

_POSTPONED = ("pandas", "pandas.api", "pandas.api.types", "requests")
_is_own_process = False


def own_process() -> None:
    """Says that this process is a command of ours: no one in it has data frames to hand to Arrow."""
    global _is_own_process
    _is_own_process = True


@contextmanager
def lean_import() -> Iterator[None]:
    """Modules imported meanwhile import pandas and requests at their first use of them. Others are not affected."""
    stand_ins = {name: _Module(name) for name in _POSTPONED if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, module in stand_ins.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


@cache
def leave_scipy_out() -> None:
    """No vector is one of SciPy's as long as nobody has imported SciPy."""
    from pymilvus.client.utils import SciPyHelper

    asked = SciPyHelper.is_scipy_sparse

    def is_scipy_sparse(data: Any) -> bool:
        return "scipy.sparse" in sys.modules and bool(asked(data))

    SciPyHelper.is_scipy_sparse = is_scipy_sparse


def hide_pandas_from_arrow() -> None:
    """In a process of our own Arrow looks for pandas once, and does not find it."""
    if not _is_own_process or "pandas" in sys.modules:
        return
    sys.meta_path.insert(0, _NoPandas)
    try:
        import_module("pyarrow.dataset")  # looks for itself
        _ = import_module("pyarrow.lib")._pandas_api.have_pandas
    finally:
        sys.meta_path.remove(_NoPandas)


class _NoPandas:
    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


class _Module(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return _Member(self.__name__, name)


class _Member:
    """What a module has under a name: looked up when it is called, looked into or compared with."""

    def __init__(self, module: str, name: str) -> None:
        self._where = (module, name)

    def _real(self) -> Any:
        module, name = self._where
        return getattr(import_module(module), name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._real()(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._real(), name)

    def __instancecheck__(self, value: Any) -> bool:
        return isinstance(value, self._real())
