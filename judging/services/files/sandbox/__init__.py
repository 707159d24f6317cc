"""Programs that open what strangers sent run in a process of their own, with bounds, and get nothing but the file."""
