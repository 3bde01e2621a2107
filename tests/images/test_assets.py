"""Pictures by content; tests/ingest/assets holds how they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import AssetError
from rag.images.assets import StoredAssets, is_asset_id

ASSET = "ab" * 32 + ".png"


def stored(folder: Path) -> StoredAssets:
    path = folder / "images/ab/ab" / ASSET
    path.parent.mkdir(parents=True)
    path.write_bytes(b"picture")
    return StoredAssets(str(folder))


def test_a_picture_is_got_by_its_id(tmp_path: Path) -> None:
    assets = stored(tmp_path)
    assert assets.exists(ASSET)
    assert assets.get(ASSET) == b"picture"


def test_a_picture_that_is_not_there_says_how_to_get_it_back(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="ingest its document again"):
        stored(tmp_path).get("cd" * 32 + ".png")


@pytest.mark.parametrize("name", ["../../etc/passwd", f"../{ASSET}", ASSET.upper(), f"{ASSET}\n", "ab.png", ""])
def test_what_is_no_id_names_nothing(name: str, tmp_path: Path) -> None:
    assets = stored(tmp_path)
    assert not is_asset_id(name)
    assert not assets.exists(name)
    with pytest.raises(AssetError, match="is not an asset id"):
        assets.get(name)


def test_dropping_removes_pictures_and_leaves_what_is_not_of_the_store(tmp_path: Path) -> None:
    assets = stored(tmp_path / "kb")
    (tmp_path / "kb/mine.txt").write_text("mine")
    assets.drop()
    assert [path.name for path in (tmp_path / "kb").iterdir()] == ["mine.txt"]
    (tmp_path / "kb/mine.txt").unlink()
    assets.drop()
    assert not (tmp_path / "kb").exists()
