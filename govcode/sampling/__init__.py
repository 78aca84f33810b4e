"""Which posts people code, and with what probability each was drawn; no files."""
