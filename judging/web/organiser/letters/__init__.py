"""Letters of a contest: their texts, what was sent, and writing to many."""
