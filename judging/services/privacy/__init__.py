"""The rights of people over their data, and how long it is kept."""
