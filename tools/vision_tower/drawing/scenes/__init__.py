"""Coloured shapes and patterns: which things, how many, where."""
