"""The model, what it is taught, and the steps. Drawings come from `drawing`, and know nothing of this."""
