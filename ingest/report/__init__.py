"""What an ingest did, for people and programs."""
