"""Office documents and books: zips of XML."""
