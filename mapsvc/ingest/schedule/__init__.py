"""A season's schedule from whatever shape its tables have."""
