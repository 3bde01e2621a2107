"""The asset store, written: every picture once."""
