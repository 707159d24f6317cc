"""The web server beneath the pages: gunicorn, with requests collected before a thread is given to them (ADR 0016)."""
