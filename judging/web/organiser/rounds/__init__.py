"""A round while it is read: progress, silence, end."""
