"""Files in: checked, previewed, published, undone."""
