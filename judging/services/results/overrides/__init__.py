"""Decisions of two people over a submitted sheet."""
