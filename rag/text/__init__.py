"""Words, tokens, quoting and addresses: pure functions over strings."""
