"""What machines read: JSON, Open311, health."""
