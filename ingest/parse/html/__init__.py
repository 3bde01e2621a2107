"""HTML as what a reader of the page would see."""
