"""Running the service: backup, checks, counters, jobs, the demonstration."""
