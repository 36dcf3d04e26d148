"""Files in: read in a limited child, recognised, matched. Nothing here knows the store."""
