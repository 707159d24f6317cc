"""Live rounds: hours and rooms, the timetable, and the clock that all devices of a room share."""
