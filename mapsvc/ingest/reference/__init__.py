"""Keepers, places to search from, and boundaries."""
