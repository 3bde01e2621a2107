"""Charts of many kinds. `spec` is what one shows; `pillow`, `matplotlib` and `vega` draw it."""
