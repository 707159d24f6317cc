"""Standings, prizes, decisions over sheets, papers, and publication."""
