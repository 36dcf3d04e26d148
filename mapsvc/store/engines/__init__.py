"""The two databases, SQLite and PostGIS: what differs, what fails, backups."""
