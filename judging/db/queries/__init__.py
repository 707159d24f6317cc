"""Reads for pages, each in a constant number of queries."""
