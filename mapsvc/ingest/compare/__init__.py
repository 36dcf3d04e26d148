"""A file beside the edition before: which street is which, and what would change."""
