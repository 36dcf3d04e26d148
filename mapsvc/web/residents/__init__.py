"""The pages for residents, and those for frames."""
