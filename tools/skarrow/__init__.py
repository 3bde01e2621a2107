"""The Skarrow Cliff Railway: an invented water-balance funicular, as the sample dump of this project.

Everything about it is made up; the numbers that appear in more than one document are in `facts.py`, so that a
question has one answer wherever it is found.
"""
