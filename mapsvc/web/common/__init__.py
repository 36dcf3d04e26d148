"""What every route shares: requests, errors, headers, caches."""
