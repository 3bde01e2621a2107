"""Forward passes in torch, of models that are pulled from a hub; the extra `full` brings what they need."""
