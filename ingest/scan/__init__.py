"""What is to be ingested: paths, folders, files, listed in a fixed order."""
