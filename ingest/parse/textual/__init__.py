"""Formats that are text: notebooks, TeX, subtitles, tables, and what in a text is none."""
