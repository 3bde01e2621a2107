"""Maps, by what they show. Each of `places`, `regions` and `ways` has `KINDS`."""
