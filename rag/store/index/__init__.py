"""The IVF index of a collection: built, measured, kept up."""
