"""Streets from files: each source, joined, merged and placed."""
