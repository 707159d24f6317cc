"""A contest as its office runs it: its founding, dates, settings, rules in force, phases, and who runs it."""
