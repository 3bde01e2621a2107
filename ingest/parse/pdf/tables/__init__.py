"""Tables of a PDF page, with ruled lines and without."""
