"""The kinds of files, and how they are told apart."""
