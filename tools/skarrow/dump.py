"""Puts the sample dump together: which picture goes where, in which format."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image as Pictures
from PIL import ImageEnhance
from PIL.Image import Image

from skarrow import charts, diagrams, handbook, notes, pages, scenery, signs
from skarrow.canvas import grain

Draw = Callable[[], Image]

UNSORTED: Mapping[str, Draw] = {
    "IMG_2031.png": charts.passengers,
    "IMG_2032.png": charts.rope_wear,
    "IMG_2033.png": charts.pump_power,
    "IMG_2034.png": charts.ice_creams,
    "IMG_2035.jpg": signs.timetable,
    "IMG_2036.png": signs.fares,
    "IMG_2037.jpg": signs.pump_plate,
    "IMG_2038.jpg": signs.ticket,
    "IMG_2039.jpg": signs.blackboard,
    "IMG_2040.png": signs.bell_codes,
    "IMG_2041.png": signs.wind_notice,
    "IMG_2042.jpg": signs.lost_notice,
    "IMG_2043.jpg": diagrams.island_map,
    "IMG_2046.jpg": signs.no_bicycles,
}
"""Names as a camera gives them, so that nothing but the pixels says what they show."""

TAKEN = Path(__file__).parent / "photographs"
PHOTOGRAPHS = {"IMG_2047.jpg": "coffee.jpg", "IMG_2048.jpg": "tabby.jpg"}
"""Taken, not drawn, and not captioned either: files of `photographs/`, see the README there."""

ARCHIVE: Mapping[str, Draw] = {
    "gannet.jpg": scenery.gannet,
    "snow-1921.jpg": scenery.puffin_in_snow,
    "landslip-1953.jpg": scenery.landslip,
    "opening-day.jpg": scenery.opening_day,
    "old-bess.jpg": scenery.old_bess,
    "harbour.jpg": scenery.harbour,
    "night.jpg": scenery.beacon_night,
}


def png(image: Image) -> bytes:
    """With a palette: flat drawings need no more than 128 colours, and half the bytes."""
    out = io.BytesIO()
    image.quantize(128, dither=Pictures.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def jpeg(image: Image, quality: int = 82) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _encode(name: str, draw: Draw) -> bytes:
    return png(draw()) if name.endswith(".png") else jpeg(draw())


def _zip(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1994, 6, 14, 0, 0, 0)), data)
    return out.getvalue()


def near_copy(picture: bytes) -> bytes:
    """The picture as a messenger app passes it on: smaller, another format, worse."""
    out = io.BytesIO()
    with Pictures.open(io.BytesIO(picture)) as image:
        image.resize((image.width // 2, image.height // 2), Pictures.Resampling.BICUBIC).save(out, "WEBP", quality=60)
    return out.getvalue()


def dump_files() -> dict[str, bytes]:
    """Relative path to bytes of every file of the dump."""
    files = {name: text.encode() for name, text in (pages.FILES | notes.FILES).items()}
    files |= {f"unsorted/{name}": _encode(name, draw) for name, draw in UNSORTED.items()}
    files |= {f"unsorted/{name}": (TAKEN / file).read_bytes() for name, file in PHOTOGRAPHS.items()}
    files |= {f"archive/{name}": _encode(name, draw) for name, draw in ARCHIVE.items()}
    cat = jpeg(scenery.station_cat())
    files |= {
        "unsorted/IMG_2044.webp": near_copy(files["archive/gannet.jpg"]),
        "unsorted/IMG_2045.jpg": files["archive/harbour.jpg"][:9000],
        "pages/img/ballast.jpg": cat,
        "site/img/stationmaster.jpg": cat,
        "site/img/terrace.jpg": jpeg(scenery.terrace()),
        "workshop/splice.jpg": jpeg(scenery.rope_splice()),
        "workshop/roof.jpg": jpeg(scenery.solar_roof()),
        "papers/handbook.pdf": handbook.handbook(
            cover=files["archive/gannet.jpg"],
            water=png(diagrams.water_balance()),
            profile=png(charts.gradient_profile()),
            governor=png(diagrams.governor()),
            landslip=files["archive/landslip-1953.jpg"],
            scan=jpeg(diagrams.typed_sheet(), 60),
        ),
        "papers/inspection-2024.pdf": handbook.inspection(png(charts.brake_tests())),
        "papers/sealed-tender.pdf": handbook.tender(),
        "papers/old-papers.zip": _zip(
            {name: text.encode() for name, text in notes.ZIPPED.items()} | {"halfway.png": png(signs.halfway_board())}
        ),
    }
    return files


def _snapshot(image: Image, box: tuple[int, int, int, int], angle: float, light: float, seed: int) -> bytes:
    """What a telephone makes of it: part of the thing, askew, too dark or too bright."""
    turned = image.crop(box).rotate(angle, Pictures.Resampling.BICUBIC, expand=True, fillcolor="#55524c")
    return jpeg(grain(ImageEnhance.Brightness(turned).enhance(light), 0.08, seed), 70)


def query_files() -> dict[str, bytes]:
    """Pictures to ask with. None of them is in the dump."""
    return {
        "plate.jpg": _snapshot(signs.pump_plate(), (10, 10, 670, 300), 3, 0.86, 1),
        "rope-chart.jpg": _snapshot(charts.rope_wear(), (60, 6, 820, 330), -2, 1.08, 2),
        "bells.jpg": _snapshot(signs.bell_codes(), (10, 20, 610, 400), 2, 0.9, 3),
        "blue-car.jpg": _snapshot(scenery.gannet(), (180, 20, 640, 400), 0, 1.1, 4),
    }


def write(folder: Path) -> int:
    """Writes `dump/`, `queries/` and whose photographs are in it under `folder`; returns the number of bytes."""
    files = {f"dump/{name}": data for name, data in dump_files().items()}
    files |= {f"queries/{name}": data for name, data in query_files().items()}
    files["photographs.md"] = (TAKEN / "README.md").read_bytes()
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return sum(map(len, files.values()))
