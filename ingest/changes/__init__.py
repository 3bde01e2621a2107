"""What is new, changed or gone."""
