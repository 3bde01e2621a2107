"""Work that goes on when nobody waits for it: kept in the data folder, so that a restart goes on with it."""
