import json
import shlex
import sys
from importlib.metadata import PackageNotFoundError

import pytest

from rag import installation
from rag.installation import extra_command, install_command, repair_command


class Installed:
    def __init__(self, direct_url):
        self._text = direct_url and json.dumps(direct_url)

    def read_text(self, name):
        assert name == "direct_url.json"
        return self._text


@pytest.fixture
def installed(monkeypatch):
    """`installed(origin)`: as if it had been installed from there (PEP 610)."""
    return lambda origin: monkeypatch.setattr(installation, "distribution", lambda _: Installed(origin))


@pytest.fixture(autouse=True)
def _with_pip(monkeypatch):
    monkeypatch.setattr(installation, "find_spec", lambda name: name == "pip")


def what(command):
    python, *rest = shlex.split(command)
    assert (python, rest[:3]) == (sys.executable, ["-m", "pip", "install"])
    return rest[3:]


def test_from_an_index_an_extra_is_named(installed):
    installed(None)
    assert what(extra_command("heic")) == ["multimodal-rag[heic]"]


def test_from_a_checkout_it_is_the_checkout_with_its_constraints(installed, tmp_path):
    folder = tmp_path / "my rag"
    folder.mkdir()
    installed({"url": folder.as_uri(), "dir_info": {"editable": True}})
    assert what(extra_command("full")) == ["-e", f"{folder}[full]"]
    (folder / "constraints.txt").write_text("")
    assert what(extra_command("full")) == ["-c", f"{folder}/constraints.txt", "-e", f"{folder}[full]"]
    installed({"url": folder.as_uri(), "dir_info": {}})
    assert what(extra_command("full")) == ["-c", f"{folder}/constraints.txt", f"{folder}[full]"]


def test_from_a_wheel_and_from_git_it_is_the_address(installed):
    installed({"url": "file:///tmp/multimodal_rag-1-py3-none-any.whl", "archive_info": {}})
    assert what(extra_command("heic")) == ["multimodal-rag[heic] @ file:///tmp/multimodal_rag-1-py3-none-any.whl"]
    installed({"url": "https://example.org/rag.git", "vcs_info": {"vcs": "git", "commit_id": "0" * 40}})
    assert what(extra_command("heic")) == ["multimodal-rag[heic] @ git+https://example.org/rag.git"]


def test_what_is_damaged_is_installed_again_alone(installed):
    installed(None)
    assert what(repair_command()) == ["--force-reinstall", "--no-deps", "multimodal-rag"]


def test_without_pip_uv_installs_into_the_same_environment(monkeypatch):
    monkeypatch.setattr(installation, "find_spec", lambda _: None)
    assert shlex.split(install_command("pandas")) == ["uv", "pip", "install", "-p", sys.executable, "pandas"]


def test_a_program_that_nobody_installed_is_named_as_from_an_index(monkeypatch):
    def gone(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(installation, "distribution", gone)
    assert what(extra_command("heic")) == ["multimodal-rag[heic]"]
