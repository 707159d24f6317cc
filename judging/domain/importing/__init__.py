"""Entries from tables: which column is what, which rows are one entry, and what a person in a row is. Pure."""
