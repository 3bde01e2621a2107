"""What is written, so that a kill loses nothing."""
