"""What the vision tower sees, measured. `python -m benchmarks.vision_tower --help`."""
