"""What leaves the service: mail, and issues for other systems."""
