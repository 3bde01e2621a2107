"""What was put into a PDF beside its pages, or onto them: forms, notes, files."""
