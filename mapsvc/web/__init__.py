"""The service on the web: pages, JSON, assets. Status codes and headers are in one place each."""
