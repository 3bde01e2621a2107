"""Models of a hub: named, fetched, pinned."""
