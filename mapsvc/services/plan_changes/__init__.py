"""Changes to a published plan: pauses, moved dates, grass left long."""
