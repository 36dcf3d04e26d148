"""Finding streets by text and by position. Nothing here knows of files, SQL stores or pages."""
