"""Diagrams, by what they explain. Each module has `KINDS`."""
