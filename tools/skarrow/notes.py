# ruff: noqa: E501 - the caption table reads better with one row a line
"""Plain notes, the archive's caption table, sidecars, and what is inside the zip."""

from __future__ import annotations

import csv
import io
import json

LOG_1953 = """\
LOG OF THE UPPER STATION, BEACON
Saturday 31 October 1953. Amos Lund, brakesman.

16:10  Wind NW and rising. Gust of 74 on the dial. Stopped the cars, both at the top and chained.
17:25  Walked the line with a lamp. At Crow's Bend the stones are talking. Went back up on hands and knees.
22:40  A noise like a coal cart being tipped, and a long one. Lamp Rock light still burning, thank God.
23:15  Telephone to Harbour is dead.
06:50  Daylight. The track between the fourth and the fifth lamp post is gone. Counted the sleepers on the beach:
       twenty-six. Sent the boy down the steps to fetch Mr. Penhallow and the surveyor.
"""

SOUNDS = """\
What the railway sounds like (for the new brakeswoman)

A steady hum from the rope: all is well.
A tick once every turn of the wheel: a broken wire passes the sheave. Mark it with chalk, tell Ingrid the same day.
A hiss under the floor at Harbour: the dump valve is not quite shut. Kick it, then report it.
Two sharp knocks: a goat. It is always a goat.
Silence: pull the handbrake, then think.
"""

CRAB = """\
Incident note, 17 August 2019, 15:32
Written by Tomasina Lund, brakeswoman

Car Gannet, going up with 19 passengers, was passing the fourth lamp post when the governor tripped and both brakes came
on. We stopped in under two metres. Nobody fell; one trifle was lost.

Cause: a gull had dropped a live shore crab through the ventilation slot of the governor housing. The crab held on to one
of the fly balls with its left claw. I removed it with the coal tongs and let it go at the slip.

Delay 26 minutes. Remedy: a brass mesh over the slot, fitted 19 August by Ingrid Tarn. The passengers have named the crab
Brunel.
"""

SOUP = """\
Mrs. Abney's leek soup
(the one she carried up the ladder to the car in the snow)

Six leeks, the white and the pale green. Two pounds of potatoes. A lump of butter as big as a hen's egg.
A quart of the water the mussels were boiled in, and a pint of milk. Do not let it boil after the milk.
Pepper, and a handful of dulse cut small with the scissors. Serves eleven passengers and a brakesman.
"""

CAPTIONS_HEADER = ("image", "caption", "year", "place", "author", "negative")
CAPTIONS = (
    ("gannet.jpg", "Car 1, Gannet, climbing below the loop on a fine morning, Lamp Rock behind", 1978, "Crow's Bend", "Joss Pender", "0412"),
    ("snow-1921.jpg", "Puffin held fast by a frozen valve; Mrs. Abney on the ladder with the soup can", 1921, "Halfway", "unknown", "0038"),
    ("landslip-1953.jpg", "The morning after the gale: rails hanging over the gap", 1953, "Crow's Bend", "Amos Lund", "0197"),
    ("opening-day.jpg", "The whole village in front of the new station, waiting for the first car", 1894, "Harbour", "Edith Crane", "0001"),
    ("old-bess.jpg", "Old Bess, the beam pump by Tolliver & Sons, with her stoker", 1912, "Fennel Spring", "Edith Crane", "0022"),
    ("harbour.jpg", "Fishing boats under sail before the painted houses of Kittering", 1978, "Harbour", "Joss Pender", "0415"),
    ("regatta-1908.jpg", "Rowing regatta seen from the upper platform", 1908, "Beacon", "Edith Crane", "0017"),
)  # fmt: skip
"""`regatta-1908.jpg` does not exist, and `night.jpg` of the same folder has no row: the join must say so."""

SPLICE = "Long splice of the haulage rope, six strands opened on the bench, 3 March 2011. Splicer: Walter Quill.\n"
SOLAR = {
    "caption": "The pump house with the 24 panels of its solar roof, which drive the pump called Sunfish",
    "year": 2016,
    "author": "Ingrid Tarn",
}

LETTER = """\
Dunmere, 2 May 1893

Dear Miss Vosper,

You ask whether two cars can be trusted to one rope. We have tested a length of ours to 41 tons before it parted, and
your loaded car will never pull more than 6. You may hang your railway from it, and your reputation also.

The price is 190 crowns on the quay at Dunmere. We do not deliver to islands.

Your servant, Jabez Crowther
Dunmere Wireworks
"""

MINUTES = """\
# Minutes of the board, 12 January 2021

Present: I. Tarn, T. Lund, J. Pender, E. Okafor (chair). Apologies: none. The stationmaster slept.

## 1. Rope fund

The fund stands at 31,500 crowns. The board wants 48,000 before the rope is ordered.

## 2. A second cat

Refused, three votes to one.
"""


def captions_csv() -> str:
    """The table, as a spreadsheet would save it."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([CAPTIONS_HEADER, *CAPTIONS])
    return out.getvalue()


FILES = {
    "notes/log-1953-10-31.txt": LOG_1953,
    "notes/sounds.txt": SOUNDS,
    "notes/crab.txt": CRAB,
    "notes/soup.txt": SOUP,
    "archive/captions.csv": captions_csv(),
    "workshop/splice.txt": SPLICE,
    "workshop/roof.json": json.dumps(SOLAR, indent=2) + "\n",
}
ZIPPED = {"letters/wireworks-1893.txt": LETTER, "board/2021-01-12.md": MINUTES}
