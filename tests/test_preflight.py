"""What a machine lacks is said before anything is installed."""

import ast
from pathlib import Path

import pytest

from tools import preflight


@pytest.mark.parametrize(("version", "words"), [((3, 9), "too old"), ((2, 7), "too old"), ((3, 15), "too new")])
def test_a_python_that_does_not_fit_names_one_that_is_here(version, words):
    said = preflight.of_python(version, which=lambda name: "/usr/bin/" + name if name == "python3.12" else None)
    assert words in said
    assert "make demo PYTHON=python3.12" in said


def test_where_none_fits_it_says_how_to_get_one():
    said = preflight.of_python((3, 9), which=lambda name: None)
    assert "apt install python3.13-venv" in said
    assert "brew install" in said


@pytest.mark.parametrize("minor", [11, 12, 13, 14])
def test_every_supported_python_passes(minor):
    assert preflight.of_python((3, minor), is_free_threaded=False) == ""


def test_a_free_threaded_build_is_refused_kindly():
    assert "free-threaded" in preflight.of_python((3, 14), is_free_threaded=True)


def test_a_missing_venv_module_names_its_package():
    assert "sudo apt install python3." in preflight.of_venv(is_there=False)
    assert preflight.of_venv(is_there=True) == ""


def test_too_little_room_says_how_much_is_wanted(tmp_path):
    assert "1.5" in preflight.of_room(tmp_path, "base", free=1e8)
    assert preflight.of_room(tmp_path, "base", free=1e11) == ""


def test_an_old_python_can_read_the_file():
    ast.parse(Path(preflight.__file__).read_text(encoding="utf-8"), feature_version=(3, 7))


def test_the_bounds_are_those_of_the_package():
    requires = (Path(preflight.__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    oldest, too_new = (f"{major}.{minor}" for major, minor in (preflight.OLDEST, preflight.TOO_NEW))
    assert f'requires-python = ">={oldest},<{too_new}"' in requires


def test_the_code_for_the_exit_is_1_where_something_is_wrong(capsys):
    assert preflight.main(["--pip-failed"]) == 1
    assert "WHEELHOUSE" in capsys.readouterr().err
