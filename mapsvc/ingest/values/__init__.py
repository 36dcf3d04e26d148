"""What one cell means: a day, a window, a USRN, a name, a coordinate, a heading."""
