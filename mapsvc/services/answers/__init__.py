"""What is true for a street, as words, JSON and map."""
