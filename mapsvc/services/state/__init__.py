"""A council as one process sees it."""
