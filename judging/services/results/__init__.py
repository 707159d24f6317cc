"""What follows from sheets: standings, prizes, decisions over sheets, papers, publication."""
