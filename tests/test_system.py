"""What only some operating systems can do."""

import os
import resource
import subprocess
import sys

import pytest

from rag import system


def test_a_file_becomes_its_owners_alone(tmp_path):
    path = tmp_path / "file"
    path.touch(mode=0o644)
    with path.open("r+b") as file:
        system.make_private(file.fileno())
    assert path.stat().st_mode & 0o777 == 0o600


def test_files_are_ones_own_or_somebody_elses():
    assert system.owns(os.getuid())
    assert not system.owns(os.getuid() + 1)


def test_a_process_dies_with_what_it_started_and_a_dead_one_is_no_error():
    code = "import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', 'input()']).pid, flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    with process:
        child = int(process.stdout.readline())
        system.kill_group(process.pid)
        assert process.wait() != 0
        assert process.stdout.read() == ""  # the child held the same pipe: it is gone, too
    assert child
    system.kill_group(process.pid)
    system.lower_priority(process.pid, 5)


@pytest.mark.parametrize(
    ("limits", "wanted", "given"), [((100, 500), 200, 200), ((100, 150), 200, 150), ((300, 500), 200, 200)]
)
def test_open_files_are_raised_as_far_as_wanted_and_let(monkeypatch, limits, wanted, given):
    done = []
    monkeypatch.setattr(resource, "getrlimit", lambda kind: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda kind, new: done.append(new))
    assert system.raise_open_files(wanted) == given
    assert done == ([(given, limits[1])] if given > limits[0] else [])


def test_a_limit_that_cannot_be_raised_stays(monkeypatch):
    def refused(kind, new):
        raise ValueError

    monkeypatch.setattr(resource, "getrlimit", lambda kind: (100, 500))
    monkeypatch.setattr(resource, "setrlimit", refused)
    assert system.raise_open_files(200) == 100


def test_one_descriptor_has_a_lock_at_a_time(tmp_path):
    with (tmp_path / "lock").open("w") as one, (tmp_path / "lock").open("w") as other:
        assert system.try_lock(one.fileno())
        assert not system.try_lock(other.fileno())
        system.unlock(one.fileno())
        assert system.try_lock(other.fileno())


def test_a_module_of_ours_is_run_whatever_lies_in_the_current_folder(tmp_path):
    (tmp_path / "rag").mkdir()
    for hijacker in ("json.py", "rag/__init__.py"):
        (tmp_path / hijacker).write_text("raise SystemExit('this was run')", encoding="utf-8")
    command = system.module_command("rag.serve.uploads.tethered", str(os.getpid()), "json.tool", "--help")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
