"""Pages, screens and signs. Each module of `paper` and `screens` has `KINDS`."""
