"""A model's reply held to its sources: cut where it goes wrong, each statement checked while it is written."""
