"""OpenAI's API over knowledge bases."""
