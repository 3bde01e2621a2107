"""The knowledge bases as tools for agents."""
