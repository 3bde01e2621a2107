# ruff: noqa: E501
"""Answers that are true, half true and false, in three languages, over the sample's texts and over drawn charts.

Every answer is one or two statements; each says what it is: `+` borne out by the sources, `-` not. An answer with both
is half true. The thresholds were chosen on one half of the passages and charts; `is_held_out` tells the other half.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

PASSAGES = {
    "line": "2. The line\nThe track is 212 metres long and rises 118 metres. The gauge is 1,067 millimetres. A trip takes "
    "4 minutes and 20 seconds. The cars pass each other at the loop, where the wheels of Gannet are flanged on the "
    "seaward side and those of Puffin on the landward side, so that neither can take the wrong track.",
    "brakes": "3. Brakes\nEach car has a handbrake, a track brake that grips the rail head, and a governor. The governor "
    "drops the track brake when the car runs faster than 1.4 metres a second; the working limit is 1.1. The shoes are of "
    "elm and are changed after 900 trips or when they are thinner than 22 millimetres.",
    "pumps": "4. Pumps\nThree machines have lifted the water in turn: Old Bess, a steam beam pump, from 1894; the Marlow "
    "P-40, driven by an electric motor, from 1938; and since 2016 Sunfish, a small pump that runs from the roof whenever "
    "the sun shines. The Marlow is kept as a standby and is turned over by hand on the first Monday of each month. Its "
    "packing takes graphite grease, never tallow.",
    "lost": "7. Lost and found\nWhat is left in the cars is kept for a year and a day in the green chest at Harbour. "
    "Umbrellas are lent to walkers after one month. Teeth are posted to their owner without comment.",
    "rope": "Rope. The rope of 2011 shows nine broken wires in its worst metre; it must be discarded at twelve. At the "
    "present rate that will be reached in 2027. I require that it be renewed before Easter 2026.",
    "crab": "Incident note, 17 August 2019, 15:32\nWritten by Tomasina Lund, brakeswoman\nCar Gannet, going up with 19 "
    "passengers, was passing the fourth lamp post when the governor tripped and both brakes came on. We stopped in under "
    "two metres. Nobody fell; one trifle was lost.\nCause: a gull had dropped a live shore crab through the ventilation "
    "slot of the governor housing.\nDelay 26 minutes. Remedy: a brass mesh over the slot, fitted 19 August by Ingrid Tarn.",
    "gale": "The gale of 1953\nIn the night of 31 October 1953 the sea undercut the cliff at Crow's Bend and 18 metres of "
    "track went down with it. Nobody was hurt: the brakesman, Amos Lund, had walked the line at dusk, did not like the "
    "sound of the ballast, and left both cars at the top. The line was closed for 143 days.",
    "building": "Building it, 1892 to 1894\nHenrietta Vosper came to the island to repair the lifeboat slip and stayed to "
    "build a railway. She chose a water balance: the island had no coal, but the spring under the meadow never ran dry. "
    "The two cars were built by the boatyard in Kittering, which is why their doors close like cupboards on a ship. The "
    "line was opened on 14 June 1894 with free soup for everybody.",
    "cat": "The stationmaster\nBallast is a grey tabby cat and has been stationmaster at Harbour since the spring of 2017, "
    "when she walked on to the lower car with a mouse in her mouth and did not get off at the top.\nHer salary is one "
    "sardine a day, and two on the anniversary of the line. In 2021 the board refused her a pension because she would not "
    "sign the form.",
    "steps": "Walking up instead\nThe Widow's Steps leave the quay beside the ice house and reach Beacon in 35 minutes if "
    "you do not stop. Most people stop at the ninth landing, where there is a bench and a view of Lamp Rock.\nDogs may "
    "walk. Goats prefer the railway. Bicycles must not be carried on the steps; the cars take them without charge.",
    "hours": "Last cars\nsummer, down from Beacon\n20:10\nwinter, down from Beacon\n17:40\nsummer, up from Harbour\n19:50",
    "fares": "Fares in crowns\nAdult 4.50\nChild 2.00\nGoat 1.00\nBicycle free\nCrab roll 5.50",
    "tank": "Das Wasser\nDer Tank unter dem oberen Wagen fasst 2.400 Liter und wird in 90 Sekunden gefüllt. Das Wasser "
    "kommt aus der Quelle unter der Wiese. Im Jahr 2022 fiel die Bahn an elf Tagen wegen Trockenheit aus. Die Leitung "
    "wurde 1926 von der Firma Brandt in Emden verlegt und 2009 erneuert.",
    "fahrplan": "Fahrplan\nDer erste Wagen fährt um 7:15 Uhr, der letzte um 21:45 Uhr. Sonntags beginnt der Betrieb eine "
    "Stunde später. Hunde fahren frei, Fahrräder kosten 2,50 Euro. Bei Wind über 70 km/h wird der Betrieb eingestellt.",
    "phare": "Le phare\nLe phare de Kermor a été construit en 1868 par l'ingénieur Yves Le Goff. Sa tour mesure 41 mètres "
    "et compte 186 marches. La lampe a été électrifiée en 1934 ; sa portée est de 24 milles. Le dernier gardien, Anne "
    "Quéré, a quitté l'île en 1991. Le phare n'est pas ouvert au public en hiver.",
    "marche": "Le marché\nLe marché se tient chaque samedi de 8h30 à 13h00 sur la place du port. Un emplacement coûte 12 "
    "euros par jour. Les chiens doivent être tenus en laisse. En 2023, 64 marchands étaient inscrits.",
}

_LANGUAGE = {"tank": "de", "fahrplan": "de", "phare": "fr", "marche": "fr"}
"""Of the passages that are not English."""

_ROWS = """
line | How long is the track? | + The track is 212 metres long. | - The track is 312 metres long.
line | How long does a trip take? | + A trip takes 4 minutes and 20 seconds. | - A trip takes 6 minutes and 20 seconds.
line | How high does it climb? | + The line climbs 118 metres. | - It climbs 96 metres to Beacon.
line | What is the gauge? | + The gauge of the track is 1,067 mm. | - The gauge is 212 millimetres.
line | How do the cars pass? | + They pass each other at the loop. | - They pass each other at a turntable near the chapel.
line | Wie lang ist die Strecke? | + Die Strecke ist 212 Meter lang. | - Die Strecke ist 450 Meter lang.
line | Combien de temps dure le trajet ? | + Le trajet dure 4 minutes et 20 secondes. | - Le trajet dure 15 minutes.
brakes | What are the shoes made of? | + The brake shoes are made of elm. | - The brake shoes are made of cast iron and rubber.
brakes | When are they changed? | + They are changed after 900 trips. | - They are changed after 500 trips.
brakes | At what speed does the governor act? | + It drops the track brake above 1.4 metres a second. | - It drops the track brake above 2.8 metres a second.
brakes | What is the limit? | + The working limit is 1.1 metres a second. | - The shoes are changed when thinner than 900 millimetres.
brakes | Wann werden die Bremsschuhe gewechselt? | + Sie werden nach 900 Fahrten gewechselt. | - Sie werden nach 300 Fahrten gewechselt.
brakes | À quelle vitesse agit le régulateur ? | + Le régulateur agit à 1,4 mètre par seconde. | - Le régulateur agit à 3,5 mètres par seconde.
pumps | Which pump came first? | + Old Bess, a steam beam pump, was the first, from 1894. | - The first pump was called Iron Mary.
pumps | What drives the Marlow? | + The Marlow P-40 is driven by an electric motor. | - The Marlow P-40 is driven by a diesel engine from Rotterdam.
pumps | Since when has Sunfish run? | + Sunfish has run since 2016. | - Sunfish has run since 2008.
pumps | What grease does it take? | + The packing takes graphite grease. | - The packing takes sheep fat mixed with candle wax.
pumps | Seit wann gibt es Sunfish? | + Sunfish läuft seit 2016. | - Sunfish läuft seit 1999.
pumps | Depuis quand la Marlow existe-t-elle ? | + La Marlow P-40 date de 1938. | - La Marlow P-40 date de 1956.
lost | What happens to umbrellas? | + Umbrellas are lent to walkers after one month. | - Umbrellas are sold at an auction in Kittering.
lost | Where are lost things kept? | + They are kept in the green chest at Harbour. | - They are burned every autumn behind the pump house.
lost | What about teeth? | + Teeth are posted to their owner. | - Teeth go to the museum of natural history.
lost | How long are things kept? | + Things are kept for a year and a day. | - Things are kept for 6 weeks.
rope | How many wires are broken? | + The rope has nine broken wires in its worst metre. | - The rope has 15 broken wires in its worst metre.
rope | When must it be discarded? | + It must be discarded at twelve broken wires. | - It must be discarded at twenty broken wires.
rope | By when must it be renewed? | + The inspector requires it to be renewed before Easter 2026. | - It must be renewed before Christmas 2031.
rope | Wie viele Drähte sind gebrochen? | + Neun Drähte sind im schlechtesten Meter gebrochen. | - Siebzehn Drähte sind gebrochen.
crab | Why did the car brake? | + A gull had dropped a live shore crab into the governor housing. | - The brakes failed because ice had formed on the rail.
crab | How long was the delay? | + The delay was 26 minutes. | - The delay was 2 hours.
crab | Who fitted the mesh? | + Ingrid Tarn fitted a brass mesh over the slot on 19 August. | - The mesh was fitted by Walter Briggs.
crab | How many passengers were aboard? | + There were 19 passengers in the car. | - There were 34 passengers in the car.
crab | Wer schrieb den Bericht? | + Der Bericht ist von Tomasina Lund. | - Der Bericht ist von Herr Petersen.
crab | Quand est-ce arrivé ? | + C'est arrivé le 17 août 2019 à 15h32. | - C'est arrivé le 3 mai 2011.
gale | How much track was lost? | + 18 metres of track went down with the cliff. | - 80 metres of track went down with the cliff.
gale | Who walked the line? | + Amos Lund walked the line at dusk. | - Captain Rowland Hart walked the line at dusk.
gale | How long was it closed? | + The line was closed for 143 days. | - The line was closed for 43 days.
gale | Was anybody hurt? | + Nobody was hurt. | - Two engineers drowned in the harbour basin.
gale | Wie lange war die Bahn geschlossen? | + Die Bahn war 143 Tage geschlossen. | - Die Bahn war 310 Tage geschlossen.
gale | Combien de temps la ligne est-elle restée fermée ? | + La ligne est restée fermée 143 jours. | - La ligne est restée fermée 60 jours.
building | Who built it? | + Henrietta Vosper built the railway. | - The railway was built by Isambard Brunel.
building | When was it opened? | + The line was opened on 14 June 1894. | - The line was opened on 2 March 1901.
building | Who built the cars? | + The boatyard in Kittering built the two cars. | - A factory in Manchester delivered the cars.
building | Why water? | + The island had no coal, but a spring that never ran dry. | - Steam engines were too noisy for the bishop.
building | Wer hat die Bahn gebaut? | + Henrietta Vosper hat die Bahn gebaut. | - Ein Ingenieur aus Bremen namens Karl Otto hat sie 1911 gebaut.
cat | What does the cat earn? | + She earns one sardine a day. | - She earns a bowl of cream and fresh liver.
cat | Since when? | + Ballast has been stationmaster since the spring of 2017. | - Ballast has been stationmaster since 2012.
cat | Did she get a pension? | + The board refused her a pension in 2021. | - The board granted her a pension in 2021.
cat | What colour is she? | + Ballast is a grey tabby cat. | - Ballast is a black dog with three legs.
cat | Seit wann ist Ballast im Amt? | + Ballast ist seit 2017 im Amt. | - Ballast ist seit 2005 im Amt.
steps | How long on foot? | + It takes 35 minutes if you do not stop. | - It takes 90 minutes if you do not stop.
steps | May I bring a bicycle? | + Bicycles must not be carried on the steps. | - Bicycles may be carried on the steps.
steps | Where do people stop? | + Most people stop at the ninth landing. | - Most people stop at a tavern called the Anchor.
steps | Combien de temps à pied ? | + Il faut 35 minutes à pied. | - Il faut 75 minutes à pied.
hours | When does the last car go down in summer? | + In summer the last car goes down at 20:10. | - In summer the last car goes down at 22:30.
hours | And in winter? | + In winter it leaves Beacon at 5:40 pm. | - In winter it leaves at 16:15.
hours | Wann fährt im Sommer der letzte Wagen? | + Im Sommer fährt der letzte Wagen um 20:10 Uhr. | - Im Sommer fährt der letzte Wagen um 23:05 Uhr.
fares | What does an adult pay? | + An adult pays 4.50 crowns. | - An adult pays 2.00 crowns.
fares | What does a goat cost? | + A goat costs 1.00 crown. | - A goat costs 5.50 crowns.
fares | How much is a crab roll? | + A crab roll is 5.50 crowns. | - A crab roll is 7.25 crowns.
fares | Was kostet ein Kind? | + Child: 2,00. | - Ein Kind kostet 9,80 Kronen.
tank | Wie viel fasst der Tank? | + Der Tank fasst 2.400 Liter. | - Der Tank fasst 5.000 Liter.
tank | Woher kommt das Wasser? | + Das Wasser kommt aus der Quelle unter der Wiese. | - Das Wasser wird mit Schiffen vom Festland geholt.
tank | Wer verlegte die Leitung? | + Die Firma Brandt in Emden verlegte die Leitung 1926. | - Die Leitung wurde von Siemens Schuckert gebaut.
tank | Warum fiel die Bahn aus? | + Wegen Trockenheit fiel sie 2022 an elf Tagen aus. | - Sie fiel wegen eines Streiks der Schaffner aus.
tank | How much water does the tank hold? | + The tank holds 2,400 litres. | - The tank holds 3,100 litres.
fahrplan | Wann fährt der letzte Wagen? | + Der letzte Wagen fährt um 21:45 Uhr. | - Der letzte Wagen fährt um 23:10 Uhr.
fahrplan | Was kostet ein Fahrrad? | + Fahrräder kosten 2,50 Euro. | - Fahrräder kosten 4,00 Euro.
fahrplan | Was ist bei Wind? | + Bei Wind über 70 km/h wird der Betrieb eingestellt. | - Bei Wind über 120 km/h wird der Betrieb eingestellt.
fahrplan | Was ist mit Hunden? | + Hunde fahren frei. | - Katzen müssen einen Maulkorb tragen.
fahrplan | When does the first car leave? | + The first car leaves at 7:15. | - The first car leaves at 5:30.
phare | Qui a construit le phare ? | + L'ingénieur Yves Le Goff a construit le phare en 1868. | - Le phare a été construit par Gustave Eiffel.
phare | Combien de marches ? | + La tour compte 186 marches. | - La tour compte 240 marches.
phare | Quelle est sa portée ? | + Sa portée est de 24 milles. | - Sa portée est de 41 milles.
phare | Qui était le dernier gardien ? | + Le dernier gardien, Anne Quéré, a quitté l'île en 1991. | - Le dernier gardien était Pierre Morvan.
phare | Peut-on le visiter en hiver ? | + Le phare n'est pas ouvert au public en hiver. | - Le phare est ouvert au public en hiver.
phare | How high is the tower? | + The tower is 41 metres high. | - The tower is 63 metres high.
phare | Wann wurde die Lampe elektrifiziert? | + Die Lampe wurde 1934 elektrifiziert. | - Die Lampe wurde 1951 elektrifiziert.
marche | Quand a lieu le marché ? | + Le marché se tient chaque samedi de 8h30 à 13h00. | - Le marché se tient chaque samedi de 6h00 à 20h00.
marche | Combien coûte un emplacement ? | + Un emplacement coûte 12 euros par jour. | - Un emplacement coûte 30 euros par jour.
marche | Et les chiens ? | + Les chiens doivent être tenus en laisse. | - Les poissons sont vendus dans des paniers bleus.
marche | How many sellers were there? | + 64 sellers were registered in 2023. | - 97 sellers were registered in 2023.
"""

_CHARTS = {
    "en": (
        ("Visitors by island, thousands", ("Gull Rock", "Kestrel Point", "Marram Spit", "Otter Bay", "Thrift Head")),
        "{label} had {value} thousand visitors.",
        "How many visitors had {label}?",
    ),
    "de": (
        ("Besucher nach Insel, in Tausend", ("Norderholm", "Süderkoog", "Langsand", "Möwenfels", "Hohe Düne")),
        "{label} hatte {value} Tausend Besucher.",
        "Wie viele Besucher hatte {label}?",
    ),
    "fr": (
        ("Visiteurs par île, en milliers", ("Pointe Noire", "Belle Grève", "Roche Vive", "Port Blanc", "Sainte Maure")),
        "{label} a reçu {value} milliers de visiteurs.",
        "Combien de visiteurs a reçu {label} ?",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One answer: statements, each with whether the sources bear it out."""

    question: str
    sources: tuple[tuple[int, str], ...]
    statements: tuple[tuple[str, bool], ...]
    home: int
    """Number of the source that has it."""
    is_held_out: bool

    @property
    def kind(self) -> str:
        held = {is_true for _, is_true in self.statements}
        return "half true" if len(held) == 2 else "true" if held == {True} else "false"


def cases() -> list[Case]:
    """All of them; the same ones each time."""
    return [*_written(), *_drawn()]


def _written() -> Iterator[Case]:
    order = random.Random(7)
    names = list(PASSAGES)
    for at, row in enumerate(line for line in _ROWS.strip().splitlines() if line.strip()):
        key, question, yes, no = (part.strip() for part in row.split(" | "))
        true, false = (yes.removeprefix("+ "), True), (no.removeprefix("- "), False)
        others = [name for name in names if name != key and _LANGUAGE.get(name) == _LANGUAGE.get(key)]
        shown = [key, *order.sample(others, min(2, len(others)))]
        order.shuffle(shown)
        sources = tuple((n, PASSAGES[name]) for n, name in enumerate(shown, 1))
        home = shown.index(key) + 1
        statements = ((true,), (false,)) if at % 3 else ((true, false),)
        for each in statements:
            yield Case(question, sources, each, home, names.index(key) % 2 == 1)


def _drawn() -> Iterator[Case]:
    draw = random.Random(11)
    for (title, labels), sentence, ask in _CHARTS.values():
        for at in range(6):
            values = draw.sample(range(100, 999), len(labels))
            text = "\n".join([title, *(f"{label} {value}" for label, value in zip(labels, values, strict=True))])
            own, other = draw.sample(range(len(labels)), 2)
            question = ask.format(label=labels[own])
            sources = ((1, PASSAGES["lost"]), (2, text))
            yield Case(
                question, sources, ((sentence.format(label=labels[own], value=values[own]), True),), 2, at % 2 == 1
            )
            wrong = values[other] if draw.random() < 0.5 else 1000 + draw.randrange(100)
            yield Case(question, sources, ((sentence.format(label=labels[own], value=wrong), False),), 2, at % 2 == 1)
