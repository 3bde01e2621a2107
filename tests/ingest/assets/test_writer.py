"""The asset store: once by content, never half, never outside its folder."""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from ingest.assets.writer import AssetStore
from rag.errors import AssetError
from rag.images.assets import StoredAssets
from rag.images.decode import load_image


def encoded(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **({"quality": 95} if kind == "JPEG" else {}))
    return out.getvalue()


def photo(width: int = 300, height: int = 200) -> Image.Image:
    """Many colours, as a camera gives."""
    return Image.merge("RGB", [Image.effect_noise((width, height), 90 - 20 * band) for band in range(3)])


def chart() -> Image.Image:
    image = Image.new("RGB", (600, 400), "white")
    draw = ImageDraw.Draw(image)
    for i in range(8):
        draw.rectangle((50 + 60 * i, 350 - 30 * i, 90 + 60 * i, 350), fill=(30 * i, 80, 200))
        draw.text((55 + 60 * i, 360), f"Q{i}", fill="black")
    return image


@pytest.fixture(params=["folder", "file url", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> AssetStore:
    uris = {"folder": str(tmp_path / "assets"), "file url": f"file://{tmp_path}/a b", "memory": f"memory://{tmp_path}"}
    return AssetStore(uris[request.param])


def test_a_stored_picture_is_found_again_under_the_hash_of_what_is_stored(store: AssetStore) -> None:
    image = photo()
    asset = store.put(image, encoded(image, "BMP"), "image/bmp")

    data = store.get(asset.id)

    assert asset.id == hashlib.sha256(data).hexdigest() + ".webp"
    assert (asset.mime, asset.size_bytes, asset.width_px, asset.height_px) == ("image/webp", len(data), 300, 200)
    assert load_image(data).size == (300, 200)
    assert store.exists(asset.id)


def test_the_same_picture_is_stored_once(store: AssetStore) -> None:
    image = photo()
    first = store.put(image, encoded(image, "PNG"), "image/png")
    second = store.put(image, encoded(image, "PNG"), "image/png")

    assert first == second
    assert list(store.ids()) == [first.id]


def test_a_large_picture_is_bounded(store: AssetStore) -> None:
    image = photo(2000, 500)

    asset = store.put(image, encoded(image, "JPEG"), "image/jpeg")

    assert (asset.width_px, asset.height_px) == (1600, 400)
    assert load_image(store.get(asset.id)).size == (1600, 400)


def test_a_drawn_picture_keeps_every_pixel(store: AssetStore) -> None:
    image = chart()

    asset = store.put(image, encoded(image, "BMP"), "image/bmp")

    assert load_image(store.get(asset.id)).tobytes() == image.tobytes()


def test_a_smaller_original_is_kept_only_if_browsers_show_it_and_it_is_within_bounds(store: AssetStore) -> None:
    dot = Image.new("RGB", (2, 2), "red")
    tiny = encoded(dot, "GIF")
    assert store.get(store.put(photo(), tiny, "image/gif").id) == tiny
    assert store.put(photo(), tiny, "image/tiff").mime == "image/webp"

    wide = Image.new("1", (3000, 10))
    assert store.put(photo(), encoded(wide, "PNG"), "image/png").mime == "image/webp"


@pytest.mark.parametrize(
    "asset",
    [
        "",
        "../../etc/passwd",
        "a" * 64,
        "a" * 64 + ".exe",
        "../" + "a" * 64 + ".png",
        "A" * 64 + ".png",
        "a" * 64 + ".png\n",
    ],
)
def test_what_is_no_id_reaches_no_file(store: AssetStore, asset: str) -> None:
    assert not store.exists(asset)
    with pytest.raises(AssetError, match="not an asset id"):
        store.get(asset)
    with pytest.raises(AssetError):
        store.delete([asset])


def test_a_missing_picture_says_how_to_get_it_back(store: AssetStore) -> None:
    with pytest.raises(AssetError, match="ingest its document again"):
        store.get("0" * 64 + ".png")


def test_notes_take_any_key_and_any_text_and_the_last_one_wins(store: AssetStore) -> None:
    assert store.note_get("ocr:abc") is None
    for key in ("ocr:abc", "../../../x", "", "\udcff", "k" * 5000):
        store.note_put(key, "first")
        store.note_put(key, "žluťoučký 🐎\nline")
        assert store.note_get(key) == "žluťoučký 🐎\nline"


def test_deleted_pictures_are_gone_and_deleting_again_is_fine(store: AssetStore) -> None:
    one = store.put(photo(), encoded(photo(), "BMP"), "image/bmp")
    two = store.put(chart(), encoded(chart(), "BMP"), "image/bmp")

    store.delete([one.id, one.id])

    assert list(store.ids()) == [two.id]
    assert not store.exists(one.id)


def test_drop_leaves_what_is_not_its_own(tmp_path: Path) -> None:
    store = AssetStore(str(tmp_path))
    store.put(chart(), encoded(chart(), "BMP"), "image/bmp")
    store.note_put("k", "text")
    (tmp_path / "diary.txt").write_text("mine")

    store.drop()
    store.drop()

    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]


def test_files_lie_two_folders_deep_and_no_temporary_one_is_left(tmp_path: Path) -> None:
    store = AssetStore(str(tmp_path))
    asset = store.put(chart(), encoded(chart(), "BMP"), "image/bmp")

    files = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()]

    assert files == [f"images/{asset.id[:2]}/{asset.id[2:4]}/{asset.id}"]


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = AssetStore(str(tmp_path))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space left"):
        store.put(chart(), encoded(chart(), "BMP"), "image/bmp")

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_a_power_cut_left_is_written_again(tmp_path: Path) -> None:
    store = AssetStore(str(tmp_path))
    asset = store.put(chart(), encoded(chart(), "BMP"), "image/bmp")
    (path,) = tmp_path.rglob(asset.id)
    path.write_bytes(b"")

    store.put(chart(), encoded(chart(), "BMP"), "image/bmp")

    assert len(store.get(asset.id)) == asset.size_bytes


def test_threads_may_store_the_same_picture_at_once(tmp_path: Path) -> None:
    store = AssetStore(str(tmp_path))
    image, original = chart(), encoded(chart(), "BMP")

    with ThreadPoolExecutor(8) as pool:
        ids = {asset.id for asset in pool.map(lambda _: store.put(image, original, "image/bmp"), range(16))}

    assert list(store.ids()) == sorted(ids)
    assert len(ids) == 1


def _put_in_child(store: AssetStore, image: Image.Image) -> str:
    return store.put(image, b"x" * 10_000_000, "image/bmp").id


def test_another_process_writes_to_the_same_store(tmp_path: Path) -> None:
    store = AssetStore(str(tmp_path))
    image = chart()
    context = multiprocessing.get_context("spawn")

    with context.Pool(1) as pool:
        asset = pool.apply(_put_in_child, (store, image))

    assert store.put(image, b"x" * 10_000_000, "image/bmp").id == asset


def test_the_reader_alone_finds_what_the_store_wrote(tmp_path: Path) -> None:
    asset = AssetStore(str(tmp_path)).put(chart(), encoded(chart(), "BMP"), "image/bmp")

    reader = pickle.loads(pickle.dumps(StoredAssets(str(tmp_path))))

    assert len(reader.get(asset.id)) == asset.size_bytes


def test_an_unknown_kind_of_url_names_the_setting() -> None:
    with pytest.raises(AssetError, match="RAG_ASSET_URI"):
        AssetStore("nosuchscheme://bucket/prefix")
