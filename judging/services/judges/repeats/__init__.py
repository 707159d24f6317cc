"""Blind repeats: setting them, giving them, their sheets, and how steady each judge's marks are."""
