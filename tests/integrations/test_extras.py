"""What is said where a framework is missing."""

import importlib
import re
import subprocess
import sys

import pytest

from rag.installation import extra_command
from rag.integrations import needs


class Missing:
    """An import finder for which a package is not installed."""

    def __init__(self, package):
        self.package = package

    def find_spec(self, name, path=None, target=None):
        if name == self.package:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@pytest.mark.parametrize(("module", "package"), [("langchain", "langchain_core"), ("llamaindex", "llama_index")])
def test_a_missing_package_names_the_extra(monkeypatch, module, package):
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, f"rag.integrations.{module}", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing(package), *sys.meta_path])
    with pytest.raises(ModuleNotFoundError, match=re.escape(extra_command(module))):
        importlib.import_module(f"rag.integrations.{module}")


def test_a_namespace_without_the_package_in_it_is_a_missing_package_too():
    with (
        pytest.raises(ModuleNotFoundError, match=re.escape(extra_command("x"))),
        needs("rag.nothing_of_that_name", extra="x"),
    ):
        import rag.nothing_of_that_name  # noqa: F401


def test_a_package_that_misses_one_of_its_own_is_not_called_missing():
    with pytest.raises(ModuleNotFoundError, match="No module named 'part_of_it'"), needs("framework", extra="x"):
        import part_of_it  # noqa: F401


def test_the_package_itself_needs_no_framework():
    code = "import sys, rag.integrations.metadata; print({'langchain_core', 'llama_index', 'numpy'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
