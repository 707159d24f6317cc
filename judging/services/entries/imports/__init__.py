"""Entries from tables: read, compared with what is there, shown, and only then written."""
