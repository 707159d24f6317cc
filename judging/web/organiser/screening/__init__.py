"""The screening desk, its queue, and what comes of it."""
