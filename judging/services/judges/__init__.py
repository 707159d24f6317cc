"""Who judges what: roster, panels, plan, conflicts of interest, booths, live rounds, blind repeats."""
