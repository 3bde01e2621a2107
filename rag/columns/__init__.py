"""What the columns of a knowledge base hold, and its documents in the order of one."""
