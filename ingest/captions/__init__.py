"""Caption tables and sidecars, joined to the pictures they speak of."""
