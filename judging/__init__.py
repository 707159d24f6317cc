"""Contests and innovation awards: entries, judges, scoring and published results."""

__version__ = "0.1.0"
