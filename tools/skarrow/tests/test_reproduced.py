"""The sample dump is what its script draws."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from tools.skarrow.tests.committed import BROKEN, COMMITTED, LOCKED, PICTURES, ROOT, files, is_broken, pdf_text


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the script writes today."""
    folder = tmp_path_factory.mktemp("examples")
    subprocess.run([sys.executable, ROOT / "tools/make_examples.py", "--out", folder], check=True, capture_output=True)
    return files(folder)


def assert_same_picture(old: bytes, new: bytes, name: str) -> None:
    """Another version of an encoder may write other bytes, and move a pixel's value a little, not more."""
    with Image.open(io.BytesIO(old)) as a, Image.open(io.BytesIO(new)) as b:
        assert a.size == b.size, name
        difference = ImageStat.Stat(ImageChops.difference(a.convert("RGB"), b.convert("RGB")))
    assert max(difference.mean) < 2, name


def assert_same_zip(old: bytes, new: bytes, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(old)) as a, zipfile.ZipFile(io.BytesIO(new)) as b:
        assert a.namelist() == b.namelist(), name
        for member in a.namelist():
            assert_same(a.read(member), b.read(member), f"{name}!/{member}")


def assert_same(old: bytes, new: bytes, name: str) -> None:
    """The same bytes, or else the same content."""
    suffix = Path(name).suffix
    if old == new:
        return
    if name.endswith(BROKEN):
        assert is_broken(new)
    elif name.endswith(LOCKED):
        assert b"/Encrypt" in new
    elif suffix in PICTURES:
        assert_same_picture(old, new, name)
    elif suffix == ".pdf":
        assert pdf_text(old) == pdf_text(new), name
    elif suffix == ".zip":
        assert_same_zip(old, new, name)
    else:
        assert old == new, name


def test_the_script_reproduces_every_committed_file(drawn: dict[str, bytes]) -> None:
    assert drawn.keys() == COMMITTED.keys()
    for name, old in COMMITTED.items():
        assert_same(old, drawn[name], name)
