"""One member of an archive, taken out in a process of its own."""

import io
import subprocess
import zipfile

import pytest

from ingest.scan.member import write_member
from rag.system import module_command


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("b/c.txt", b"inside")
        made.writestr("evil.csv", b"file,caption\nb/c.txt,x\n")
    return path


def test_a_member_is_written_as_it_is_and_nothing_else(archive):
    out = io.BytesIO()
    assert write_member(f"{archive}!/b/c.txt", out)
    assert out.getvalue() == b"inside"


@pytest.mark.parametrize("name", ["nothing.txt", "../a.zip", "b"])
def test_what_is_no_member_is_nothing(archive, name):
    out = io.BytesIO()
    assert not write_member(f"{archive}!/{name}", out)
    assert out.getvalue() == b""


def test_it_runs_as_a_process_that_says_by_its_code_whether_it_could(archive):
    command = module_command("ingest.scan.member")
    done = subprocess.run([*command, f"{archive}!/b/c.txt"], capture_output=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, b"inside")
    assert subprocess.run([*command, f"{archive}!/no"], capture_output=True, timeout=120).returncode == 1
    assert subprocess.run(command, capture_output=True, timeout=120).returncode == 1
