"""Which street a row of a file means."""
