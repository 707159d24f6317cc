"""Live rounds without a timetable: a judge is led from booth to booth, one at a time."""
