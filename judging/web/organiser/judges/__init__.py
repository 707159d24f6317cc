"""Who judges what: plan and repair, conflicts, loans, timetable, booths, blind repeats, paper."""
