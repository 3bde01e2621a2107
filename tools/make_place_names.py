"""Writes what countries and large cities are called in several languages, from Unicode's CLDR (Unicode License v3).

    pip install babel && python tools/make_place_names.py

A line a place, its names separated by tabs: what a knowledge base has as `Germany` is asked for as `Allemagne`, and
`Lisbon` as `Lissabon`. The cities are those that time zones are named by.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel import Locale

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
TARGET = Path(__file__).parents[1] / "rag" / "search" / "understood" / "place_names.tsv"
NO_COUNTRIES = ("EU", "EZ", "UN", "XA", "XB", "ZZ", "QO")
ALSO = {
    "US": ("USA", "United States of America", "America", "Amerika", "Amérique"),
    "GB": ("UK", "Great Britain", "Großbritannien", "Grande-Bretagne", "Gran Bretaña"),
    "CZ": ("Czech Republic", "Tschechische Republik", "République tchèque", "República Checa"),
    "NL": ("Holland", "The Netherlands", "Hollande", "Holanda"),
    "CI": ("Ivory Coast",),
}
CITIES = (
    "Munich|München|Múnich|Monaco di Baviera", "Cologne|Köln|Colonia|Keulen", "Nuremberg|Nürnberg|Núremberg",
    "Florence|Florenz|Firenze|Florencia", "Venice|Venedig|Venise|Venecia|Venezia", "Milan|Mailand|Milano|Milán",
    "Naples|Neapel|Napoli|Nápoles", "Turin|Torino|Turín", "Genoa|Genua|Genova|Gênes|Génova",
    "Seville|Sevilla|Séville|Siviglia", "Barcelona|Barcelone|Barcellona", "Zaragoza|Saragossa|Saragosse",
    "Nice|Nizza|Niza", "Strasbourg|Straßburg|Estrasburgo", "Marseille|Marsella|Marsiglia", "Lyon|Lione",
    "Geneva|Genf|Genève|Ginebra|Ginevra", "Basel|Bâle|Basilea", "Krakow|Krakau|Cracovie|Cracovia|Kraków",
    "Gdansk|Danzig|Gdańsk", "Edinburgh|Édimbourg|Edimburgo", "Antwerp|Antwerpen|Anvers|Amberes",
    "Bruges|Brugge|Brügge|Brujas", "The Hague|Den Haag|La Haye|La Haya", "Gothenburg|Göteborg|Gotemburgo",
    "Salzburg|Salzbourg|Salzburgo", "Hamburg|Hambourg|Hamburgo", "Kyoto|Kioto", "Beijing|Peking|Pékin|Pekín",
)  # fmt: skip
"""That no time zone is named by."""
MIN_CHARS = 3
"""Shorter names are other words too; `UK` is let through."""


def main() -> None:
    lines = ["\t".join(dict.fromkeys(names)) for names in (*_countries(), *_cities()) if len(set(names)) > 1]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} places, {TARGET.stat().st_size / 1000:.0f} kB")


def _countries() -> Iterator[list[str]]:
    locales = [Locale(language) for language in LANGUAGES]
    for code in sorted(code for code in locales[0].territories if len(code) == 2 and code not in NO_COUNTRIES):
        names = [locale.territories[code] for locale in locales if code in locale.territories]
        names = [*names, *ALSO.get(code, ()), *(name.partition(" (")[0] for name in names)]
        yield [name for name in names if len(name) >= MIN_CHARS or name == "UK"]


def _cities() -> Iterator[list[str]]:
    zones = [Locale(language).time_zones for language in LANGUAGES]
    yield from (city.split("|") for city in CITIES)
    for zone in sorted({zone for named in zones for zone in named if "/" in zone and not zone.startswith("Etc/")}):
        own = zone.rpartition("/")[2].replace("_", " ")
        names = [own, *(named[zone]["city"] for named in zones if "city" in named.get(zone, ()))]
        yield [name for name in names if len(name) >= MIN_CHARS]


if __name__ == "__main__":
    main()
