"""What is there, what is missing, what to do."""
