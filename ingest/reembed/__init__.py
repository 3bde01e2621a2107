"""A knowledge base embedded anew."""
