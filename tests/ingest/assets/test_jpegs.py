"""JPEGs kept as they are."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from ingest.assets.jpegs import bare_jpeg
from ingest.assets.writer import AssetStore
from rag.images.decode import load_image

NOISE = np.random.default_rng(0).integers(0, 255, (30, 40, 3), np.uint8)
MARK = b"at home, 52.52 N 13.40 E"


def picture(size=(400, 300)):
    return Image.fromarray(NOISE).resize(size, Image.Resampling.BICUBIC)


def jpeg(image=None, *, quality=60, **options):
    out = io.BytesIO()
    (image or picture()).save(out, "JPEG", quality=quality, **options)
    return out.getvalue()


def exif(orientation=1):
    made = Image.Exif()
    made[0x0112], made[0x010E] = orientation, MARK.decode()
    return made


def pixels(data):
    return np.asarray(load_image(data))


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"optimize": True}, {"restart_marker_blocks": 2}])
def test_metadata_goes_and_pixels_stay(options):
    data = jpeg(exif=exif(), comment=MARK, xmp=MARK, **options)
    assert data.count(MARK) == 3
    bare = bare_jpeg(data)
    assert MARK not in bare
    assert (pixels(bare) == pixels(data)).all()


def test_a_colour_profile_stays():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert Image.open(io.BytesIO(bare_jpeg(jpeg(icc_profile=profile, exif=exif())))).info["icc_profile"] == profile


def test_the_coding_of_colours_stays():
    data = jpeg(Image.fromarray(NOISE).convert("CMYK"))
    assert (pixels(bare_jpeg(data)) == pixels(data)).all()


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe1\xff\xff", b"\xff\xd8\xff\xe1\0\0\xff\xd9", b"\xff\xd8abc"]
)
def test_what_cannot_be_followed_is_not_guessed(data):
    assert bare_jpeg(data) is None


def stored(tmp_path, data, mime="image/jpeg"):
    store = AssetStore(str(tmp_path))
    asset = store.put(load_image(data), data, mime)
    return asset, store.get(asset.id)


def test_a_small_jpeg_is_stored_without_coding_it_anew(tmp_path):
    data = jpeg(exif=exif())
    asset, kept = stored(tmp_path, data)
    assert (asset.mime, asset.width_px, asset.height_px) == ("image/jpeg", 400, 300)
    assert (pixels(kept) == pixels(data)).all()
    assert MARK not in kept


@pytest.mark.parametrize(
    "data",
    [
        jpeg(exif=exif(orientation=6)),
        jpeg(picture((1601, 20))),
        jpeg(quality=100, subsampling=0),
        jpeg(Image.fromarray(NOISE).resize((400, 300)).convert("CMYK")),
    ],
    ids=["turned", "too large", "too many bytes", "CMYK"],
)
def test_any_other_becomes_a_webp(tmp_path, data):
    asset, kept = stored(tmp_path, data)
    assert asset.mime == "image/webp"
    assert MARK not in kept
    assert load_image(kept).size == (asset.width_px, asset.height_px)
