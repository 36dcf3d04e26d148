"""The council's rules as plain values and pure functions: no files, no database, no clock."""
