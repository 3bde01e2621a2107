"""Draws the pictures that the small vision tower learns from, and trains it. `python -m tools.vision_tower --help`."""
