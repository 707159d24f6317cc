"""How rounds are planned: the office's wishes, least-change repairs, and readings lent for a while."""
