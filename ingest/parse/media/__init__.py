"""Drawings, sound and video."""
