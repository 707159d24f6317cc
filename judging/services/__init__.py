"""Use cases. Each takes a session and keyword arguments, checks the rules, writes, records the act, and never commits."""
