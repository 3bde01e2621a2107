"""The words of a PDF page: what their characters mean, where they stand, how lines of them are joined."""
