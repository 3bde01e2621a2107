"""What Office wrote before 2007: files of streams of records."""
