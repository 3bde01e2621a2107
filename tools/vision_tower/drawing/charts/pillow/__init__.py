"""Charts by Pillow: most of the training's, as they take some milliseconds."""
