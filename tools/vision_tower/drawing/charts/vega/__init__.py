"""Charts by Vega-Lite: never in training, for the benchmark."""
