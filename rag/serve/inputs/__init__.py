"""What comes in a request, read."""
