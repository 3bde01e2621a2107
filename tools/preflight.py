"""Whether this Python and this disk can take the installation: `make` asks before it starts.

It runs on Pythons that are too old for everything else here: nothing newer than 3.6 in it.
"""

import argparse
import importlib.util
import os
import shutil
import sys
import sysconfig

OLDEST, TOO_NEW = (3, 11), (3, 15)
NEEDED_GB = {"base": 1.5, "dev": 9.0}
"""Of free disk: the packages, and as much again while pip unpacks the largest; PyPI's torch for Linux brings CUDA."""


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", default=".", help="where the environment goes")
    parser.add_argument("--kind", choices=sorted(NEEDED_GB), default="base")
    parser.add_argument("--pip-failed", action="store_true", help="pip has just failed: say what may help")
    options = parser.parse_args(arguments)
    problem = AFTER_PIP if options.pip_failed else of_python() or of_venv() or of_room(options.folder, options.kind)
    if problem:
        sys.stderr.write(f"error: {problem}\n")
    return 1 if problem else 0


def of_python(version=None, is_free_threaded=None, which=shutil.which):
    """What is wrong with this Python; empty where nothing is."""
    major, minor = version or sys.version_info[:2]
    fitting = [f"python3.{minor}" for minor in range(TOO_NEW[1] - 1, OLDEST[1] - 1, -1)]
    there = next((name for name in fitting if which(name)), "")
    go_on = (
        f"{there} is here: type 'make demo PYTHON={there}'"
        if there
        else "install one ('sudo apt install python3.13-venv', 'brew install python@3.13' or 'uv python install 3.13') "
        "and type 'make demo PYTHON=python3.13'"
    )
    if (major, minor) < OLDEST:
        return f"Python {major}.{minor} is too old: 3.11 to 3.14 are wanted; {go_on}"
    if (major, minor) >= TOO_NEW:
        return (
            f"Python {major}.{minor} is too new: numpy, onnxruntime and faiss have no wheels for it yet. "
            f"3.11 to 3.14 are wanted; {go_on}"
        )
    if is_free_threaded is None:
        is_free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    if is_free_threaded:
        return (
            f"this Python {major}.{minor} is a free-threaded build, for which several packages have no wheels; "
            f"an ordinary 3.11 to 3.14 is wanted; {go_on}"
        )
    return ""


def of_venv(is_there=None):
    """Debian and Ubuntu take the module that makes environments out of Python."""
    if is_there is None:
        is_there = all(importlib.util.find_spec(name) for name in ("ensurepip", "venv"))
    if is_there:
        return ""
    major, minor = sys.version_info[:2]
    return (
        "this Python has no module to make environments with; type "
        f"'sudo apt install python{major}.{minor}-venv', then this again"
    )


def of_room(folder, kind, free=None):
    """Whether the disk has room for the packages."""
    free_gb = (shutil.disk_usage(folder).free if free is None else free) / 1e9
    needed_gb = NEEDED_GB[kind]
    if free_gb >= needed_gb:
        return ""
    return (
        f"{free_gb:.1f} GB are free in '{os.path.realpath(folder)}', and the installation wants {needed_gb} while it "
        "is made; make room and type this again"
    )


AFTER_PIP = (
    "pip could not install the packages; its own words are above. Without network: set HTTPS_PROXY, or PIP_INDEX_URL "
    "to a mirror; or 'make wheelhouse' on a machine that has one, copy the folder, and 'make demo "
    "WHEELHOUSE=wheelhouse' here. What is there already is used when this is typed again"
)


if __name__ == "__main__":
    sys.exit(main())
