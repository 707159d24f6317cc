"""Letters about a contest: their texts, the log of them, reminders, and the organiser's own messages."""
