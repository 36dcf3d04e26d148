"""The published edition, indexed for reading."""
