"""From hits to an answer with checked citations."""
