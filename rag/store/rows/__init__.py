"""Records as rows of Milvus, and back."""
