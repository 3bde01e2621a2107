"""Pictures: decoded, made ready for a model, kept in the asset store."""
