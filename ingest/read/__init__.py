"""Documents read in worker processes that may be killed."""
