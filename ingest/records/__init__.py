"""Elements to records, words and vectors."""
