"""What a question says of files rather than of what is in them: when, where, by whom, which kind, how many."""
