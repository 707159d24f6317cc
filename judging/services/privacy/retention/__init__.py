"""Keeping data for their time and no longer: what is due, what is held, and the nightly deletion."""
