"""What people do, one file per thing and one transaction each."""
