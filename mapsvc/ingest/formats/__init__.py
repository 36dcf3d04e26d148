"""What kind of file it is, and its raw rows."""
