"""XML by the words in it: articles, books, feeds, and whatever else."""
