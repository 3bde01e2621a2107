"""The embedded store: Milvus Lite, shared by the processes of one user."""
