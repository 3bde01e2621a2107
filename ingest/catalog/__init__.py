"""What a scan has found, listed on disk."""
