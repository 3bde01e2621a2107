"""Fixtures shared by all tests. Area fixtures live in `tests/<area>/conftest.py`."""
