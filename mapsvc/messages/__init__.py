"""What mapsvc says of what is wrong or must be asked: codes with facts, and words per reader."""
