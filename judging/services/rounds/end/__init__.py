"""The end of a round: kept, set and moved, and the sheets that come after it."""
