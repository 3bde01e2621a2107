"""Emoji and icons of free sets, which are fetched once."""
