"""Who may call, how much, how many at once."""
