"""The limited child that reads every file from outside, and what passes between."""
