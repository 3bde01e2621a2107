"""Whether this Python and this disk can take the installation: `make` asks before it starts.

It runs on Pythons that are too old for everything else here: nothing newer than 3.6 in it.
"""

import argparse
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
    if options.pip_failed:
        problem = after_pip()
    else:
        problem = of_python() or of_venv() or of_room(options.folder, options.kind)
    if problem:
        sys.stderr.write("error: %s\n" % problem)
    return 1 if problem else 0


def of_python(version=sys.version_info[:2], is_free_threaded=None, which=shutil.which):
    """What is wrong with this Python; empty where nothing is."""
    have = "%d.%d" % tuple(version[:2])
    fitting = ["python3.%d" % minor for minor in range(TOO_NEW[1] - 1, OLDEST[1] - 1, -1)]
    there = [name for name in fitting if which(name)]
    go_on = (
        "%s is here: type 'make demo PYTHON=%s'" % (there[0], there[0])
        if there
        else "install one ('sudo apt install python3.13-venv', 'brew install python@3.13' or 'uv python install 3.13') "
        "and type 'make demo PYTHON=python3.13'"
    )
    wanted = "3.11 to 3.14 are wanted"
    if tuple(version[:2]) < OLDEST:
        return "Python %s is too old: %s; %s" % (have, wanted, go_on)
    if tuple(version[:2]) >= TOO_NEW:
        return "Python %s is too new: numpy, onnxruntime and faiss have no wheels for it yet. %s; %s" % (
            have,
            wanted,
            go_on,
        )
    if is_free_threaded is None:
        is_free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    if is_free_threaded:
        return (
            "this Python %s is a free-threaded build, for which several packages have no wheels; %s from an ordinary "
            "build: type 'make demo PYTHON=python3'" % (have, wanted)
        )
    return ""


def of_venv(is_there=None):
    """Debian and Ubuntu take the module that makes environments out of Python."""
    name = "python%d.%d-venv" % sys.version_info[:2]
    if is_there is None:
        try:
            import ensurepip  # noqa: F401
            import venv  # noqa: F401

            is_there = True
        except ImportError:
            is_there = False
    if is_there:
        return ""
    return "this Python has no module to make environments with; type 'sudo apt install %s', then this again" % name


def of_room(folder, kind, free=None):
    """Whether the disk has room for the packages."""
    if free is None:
        free = shutil.disk_usage(folder).free
    needed = NEEDED_GB[kind]
    if free >= needed * 1e9:
        return ""
    return "%.1f GB are free in '%s', and the installation wants %.1f while it is made; make room and type this again" % (
        free / 1e9,
        os.path.realpath(folder),
        needed,
    )


def after_pip():
    return (
        "pip could not install the packages; its own words are above. Without network: set HTTPS_PROXY, or "
        "PIP_INDEX_URL to a mirror; or 'make wheelhouse' on a machine that has one, copy the folder, and 'make demo "
        "WHEELHOUSE=wheelhouse' here. What is there already is used when this is typed again"
    )


if __name__ == "__main__":
    sys.exit(main())
