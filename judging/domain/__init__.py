"""The rules of judging in pure Python: no framework, no database, no clock of its own."""
