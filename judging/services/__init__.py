"""Use cases: each takes a session and keyword arguments, checks the rules, writes, records the act, never commits."""
