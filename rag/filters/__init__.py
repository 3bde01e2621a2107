"""The `--where` language: grammar, tree, meaning."""
