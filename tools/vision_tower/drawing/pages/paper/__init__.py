"""What is printed, written or put up."""
