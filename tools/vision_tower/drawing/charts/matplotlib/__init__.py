"""Charts by matplotlib, in the looks of many publishers: the rest of the training's."""
