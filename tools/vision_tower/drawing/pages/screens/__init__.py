"""What computers and phones show."""
