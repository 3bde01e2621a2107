"""Documents that come in over HTTP."""
