"""PDF by way of PDFium."""
