"""Requests about personal data, erasure, and how long the files of a contest are kept."""
