"""What crews and staff record."""
