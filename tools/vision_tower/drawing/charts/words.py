"""Words for charts: topics, categories, names of series, units, titles. All numbers under them are invented."""

from __future__ import annotations

from random import Random

COUNTRIES = (
    "Germany|France|Italy|Spain|Poland|Sweden|Norway|Japan|China|India|Brazil|Mexico|Canada|Australia|Kenya|Nigeria|"
    "Egypt|Turkey|Greece|Portugal|Chile|Peru|South Korea|Indonesia|Vietnam|United States|United Kingdom|Netherlands|"
    "South Africa|Russia|Ukraine|Argentina|Hungary|Austria|Ireland|Belgium|Denmark|Finland|Israel|Lebanon|Philippines"
).split("|")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
GROUPS = (
    tuple(COUNTRIES),
    tuple(MONTHS),
    tuple(DAYS),
    ("North", "South", "East", "West", "Central", "Coast", "Islands"),
    ("18-24", "25-34", "35-44", "45-54", "55-64", "65+"),
    ("Under 30", "30-49", "50-64", "65 and older"),
    ("Men", "Women"),
    ("Total", "Men", "Women", "Ages 18-29", "30-49", "50-64", "65+", "College graduate", "Some college", "High school"),
    ("Strongly agree", "Agree", "Neither", "Disagree", "Strongly disagree", "Don't know"),
    ("Very good", "Good", "Fair", "Poor", "No answer"),
    ("Major problem", "Minor problem", "Not a problem", "No opinion"),
    ("Daily", "Weekly", "Monthly", "Less often", "Never"),
    ("Q1", "Q2", "Q3", "Q4"),
    ("Housing", "Food", "Transport", "Health", "Leisure", "Clothing", "Education", "Insurance", "Other"),
    ("Coal", "Oil", "Gas", "Nuclear", "Hydro", "Wind", "Solar", "Biomass", "Other"),
    ("Product A", "Product B", "Product C", "Product D", "Product E", "Product F", "Product G"),
    ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Theta"),
    ("Baseline", "Ours", "Model S", "Model M", "Model L", "No tuning", "Random", "Oracle"),
    ("Sales", "Marketing", "Research", "Support", "Finance", "Legal", "Operations", "IT", "Human resources"),
    ("Online", "Retail", "Wholesale", "Export", "Partners", "Direct"),
    ("Wheat", "Rice", "Maize", "Barley", "Soya", "Potatoes", "Sugar beet", "Oats", "Rye"),
    ("Bus", "Car", "Train", "Bicycle", "On foot", "Tram", "Ferry", "Plane"),
    ("Primary school", "Secondary school", "College", "University", "Vocational training", "None"),
    ("Television", "News websites", "Social media", "Radio", "Print newspapers", "Podcasts", "Friends and family"),
    ("Mathematics", "Physics", "Chemistry", "Biology", "History", "Languages", "Arts", "Sports"),
    ("Asia", "Europe", "Africa", "North America", "South America", "Oceania", "Middle East"),
    ("Iron", "Copper", "Nickel", "Zinc", "Lead", "Tin", "Gold", "Silver", "Lithium"),
    ("Phones", "Laptops", "Tablets", "Watches", "Cameras", "Headsets", "Consoles", "Printers"),
    ("Rent", "Salaries", "Energy", "Travel", "Licences", "Equipment", "Training", "Taxes"),
    ("Berlin", "Paris", "Rome", "Madrid", "Vienna", "Oslo", "Tokyo", "Lagos", "Lima", "Cairo", "Delhi", "Boston"),
    ("Control", "Dose 1", "Dose 2", "Dose 3", "Placebo"),
    ("Protestant", "Catholic", "Muslim", "Jewish", "Hindu", "Buddhist", "Unaffiliated"),
    ("Lamerton", "Oskar & Pohl", "Veyra", "Northgate", "Tellis", "Quorra", "Brandt", "Ilvane", "Castor", "Midori"),
)
PLOTTED_BY = ("Current", "Previous", "Plan", "Actual", "Target", "Forecast", "Men", "Women", "Urban", "Rural", "Europe")
STAGES = ("Visitors", "Sign-ups", "Trials", "Leads", "Offers", "Orders", "Renewals", "Referrals")
FLOWS = ("Opening", "Sales", "Services", "Costs", "Wages", "Taxes", "Interest", "Grants", "Rent", "Refunds", "Energy")
TOPICS = (
    "unemployment|revenue|rainfall|electricity use|population|exports|imports|tourism|house prices|crime|internet use|"
    "life expectancy|school enrolment|energy production|wheat harvest|carbon emissions|vaccination|public debt|wages|"
    "water consumption|traffic accidents|car sales|smartphone sales|milk production|coffee consumption|births|deaths|"
    "migration|church attendance|trust in media|views of the economy|views of China|climate change|gun ownership|"
    "social media use|voter turnout|party support|health spending|smoking|obesity|air quality|temperature|sea level|"
    "share prices|interest rates|inflation|box office|football wages|museum visits|book sales|advertising|web traffic|"
    "response time|test accuracy|training loss|patients|hospital beds|drug dose|blood pressure|steel output|gold price|"
    "oil price|recycling|forest area|fish catch|freight|rail passengers|flights|broadband|computer games|job openings|"
    "student debt|immigration|retirement|child care|marriage|religion|online shopping|customer satisfaction|downloads"
).split("|")
TITLES = (
    "{T}",
    "{T} by {g}",
    "{T}, {y}",
    "{T}, {y}-{z}",
    "{T} in {c}, {y} to {z}",
    "{T} in {c} from {y} to {z} (in {u})",
    "How {t} has changed since {y}",
    "Most people in {c} worry about {t}",
    "In {c}, fewer see {t} as a big problem",
    "Growing share of adults say {t} matters a great deal",
    "Wide gaps between young and old over {t}",
    "{T} rebounds after a weak {y}",
    "Fig. {n}: {T} over the period",
    "Figure {n}. Effect of {t} on outcome",
    "Annual {t}",
    "Number of {t} cases worldwide",
    "Share of {t} by {g}",
    "{c}: {T}",
    "Which countries lead in {t}?",
    "Views on {t} differ by age and education",
    "Leading countries by {t} in {y}",
    "Distribution of {t}",
)
GROUPED_BY = ("region", "age", "country", "sector", "year", "product", "type", "gender", "month", "education")
UNITS = (
    "%",
    "%",
    "",
    "",
    "$ million",
    "thousands",
    "million tonnes",
    "kg",
    "GWh",
    "points",
    "per 1,000",
    "billion euros",
)
SUBTITLES = (
    "% of adults who say they ...",
    "% who say {t} is a very big problem in their country",
    "Among those who have heard about {t}, % saying",
    "In {u}",
    "{u}, seasonally adjusted",
    "Index, {y} = 100",
    "Average per year, {y}-{z}",
    "Survey of 1,503 adults",
)
FOOTNOTES = (
    "Note: Figures may not add to 100% due to rounding. Don't know not shown.",
    "Note: Respondents who did not give an answer are not shown.",
    "Source: National statistics office, {y}.",
    "Source: Survey conducted March 4-18, {z}.",
    "Source: own calculations; data as of {z}.",
    "Note: {y} and {z} are estimates. Numbers are rounded to the nearest million.",
    "* provisional",
    "Data: World data portal",
)
HOUSES = (
    "INSTITUTE FOR PUBLIC DATA",
    "The Ledger",
    "STATPORT",
    "OPEN FIGURES",
    "Nordic Review",
    "DATA DESK",
    "Chartroom",
)


def fill(template: str, topic: str, unit: str, rng: Random) -> str:
    """A template with its topic, and a country, years and a grouping by lot."""
    year = rng.randint(1960, 2015)
    return template.format(
        t=topic,
        T=topic[:1].upper() + topic[1:],
        u=unit or "units",
        c=rng.choice(COUNTRIES),
        g=rng.choice(GROUPED_BY),
        n=rng.randint(1, 19),
        y=year,
        z=year + rng.randint(2, 12),
    )


def categories(n: int, rng: Random) -> tuple[str, ...]:
    """`n` of one group, in the group's order half of the time."""
    group = rng.choice([group for group in GROUPS if len(group) >= n])
    if group is GROUPS[1] or len(group) == n or rng.random() < 0.3:
        return group[:n]
    return tuple(rng.sample(group, n))


def times(n: int, rng: Random) -> tuple[str, ...]:
    """`n` points in time, evenly apart."""
    if n <= 12 and rng.random() < 0.25:
        return tuple(MONTHS[:n])
    if n <= 7 and rng.random() < 0.1:
        return tuple(DAYS[:n])
    if rng.random() < 0.15:
        return tuple(str(number) for number in range(n))
    step = rng.choice((1, 1, 1, 2, 5)) if n < 12 else 1
    last = rng.randint(1985, 2024)
    return tuple(str(last - step * back) for back in reversed(range(n)))
