"""Erasing what is known of the people of an entry, so that what was recorded of its result can still be verified."""
