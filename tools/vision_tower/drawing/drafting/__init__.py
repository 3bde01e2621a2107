"""What diagrams and maps are drawn and told with: pen, style, words, captions."""
