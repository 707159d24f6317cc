"""Rounds: which entries they hold, how far their reading has come, how they open and end."""
