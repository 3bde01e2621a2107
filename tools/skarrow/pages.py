"""The railway's own pages: Markdown with linked pictures, and the visitors' page in HTML."""

from __future__ import annotations

HISTORY = """\
# A short history of the Skarrow Cliff Railway

## Before the line

Until 1894 everything that came to Beacon Head was carried up the Widow's Steps, 418 of them. The kelp merchants paid
two men and a donkey by the basket. The donkey was called Parliament, because it seldom moved.

## Building it, 1892 to 1894

Henrietta Vosper came to the island to repair the lifeboat slip and stayed to build a railway. She chose a water
balance: the island had no coal, but the spring under the meadow never ran dry. The two cars were built by the
boatyard in Kittering, which is why their doors close like cupboards on a ship.

The line was opened on 14 June 1894 with free soup for everybody.

## The gale of 1953

![The gap in the line after the landslip](../archive/landslip-1953.jpg)

In the night of 31 October 1953 the sea undercut the cliff at Crow's Bend and 18 metres of track went down with it.
Nobody was hurt: the brakesman, Amos Lund, had walked the line at dusk, did not like the sound of the ballast, and left
both cars at the top. The line was closed for 143 days.

## Electricity and after

Steam lifted the water until 1938. The electric pump that replaced Old Bess ran until 2016 and is kept as a standby.
"""

STATIONMASTER = """\
# The stationmaster

![Ballast on the counter of the ticket office](img/ballast.jpg)

Ballast is a grey tabby cat and has been stationmaster at Harbour since the spring of 2017, when she walked on to the
lower car with a mouse in her mouth and did not get off at the top.

## Duties

1. Mice in the pump house, Mondays and Thursdays.
2. Sitting on the timetable so that nobody can read it.
3. Inspecting every picnic basket above four kilograms.

## Pay

Her salary is one sardine a day, and two on the anniversary of the line. In 2021 the board refused her a pension because
she would not sign the form.
"""

WALKING = """\
# Walking up instead

The Widow's Steps leave the quay beside the ice house and reach Beacon in 35 minutes if you do not stop. Most people
stop at the ninth landing, where there is a bench and a view of Lamp Rock.

## Weather

Do not walk in a north-westerly: spray reaches the sixth landing. When the cars stand still because of the wind, the
steps are closed too.

## Dogs, goats and bicycles

Dogs may walk. Goats prefer the railway. Bicycles must not be carried on the steps; the cars take them without charge.

![A picture that was never taken](img/view-from-the-ninth-landing.jpg)
"""

VISIT = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Visit the Skarrow Cliff Railway</title>
<style>body { font-family: serif; max-width: 40em }</style>
<script>document.title = "this must never be indexed";</script>
</head>
<body>
<nav><a href="#terrace">Terrace</a> <a href="#house">House rules</a></nav>
<h1>Visit the Skarrow Cliff Railway</h1>
<p>The ferry <em>Marigold</em> leaves Dunmere at 9:15 and 14:30 and takes fifty minutes. From the quay it is ninety
steps to the Harbour station, all of them flat.</p>
<h2 id="terrace">The Beacon terrace</h2>
<p>Sit under the red umbrella: it is the only one the gulls are afraid of. Nobody knows why.</p>
<figure>
  <img src="img/terrace.jpg" alt="Three sunshades above the sea and a gull that carries off an ice cream">
  <figcaption>The terrace of the Kettle Cafe at Beacon; the gull is known as Gerald.</figcaption>
</figure>
<h2>Who sells you the ticket</h2>
<p>Behind the counter you will meet our stationmaster. She accepts sardines.</p>
<figure>
  <img src="img/stationmaster.jpg" alt="A grey tabby cat in a peaked cap beside a brass bell">
  <figcaption>Ballast at her post in the Harbour ticket office.</figcaption>
</figure>
<h2 id="house">House rules</h2>
<ul>
  <li>Wheelchairs ride free and board first, by the ramp at the uphill door.</li>
  <li>Umbrellas stay shut inside the cars.</li>
  <li>Brass bands need the written consent of the other passengers.</li>
</ul>
<p>Write to <a href="mailto:office@skarrow.example">the office</a> for groups of more than twelve.</p>
</body>
</html>
"""

FILES = {
    "pages/history.md": HISTORY,
    "pages/stationmaster.md": STATIONMASTER,
    "pages/walking-up.md": WALKING,
    "site/visit.html": VISIT,
}
