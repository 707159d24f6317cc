"""How much of a file is read for the search of near duplicates; loads no parser."""

from __future__ import annotations

MOST_BYTES = 25_000_000
MOST_LETTERS = 60_000
