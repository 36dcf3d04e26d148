"""What residents report, and what becomes of it."""
