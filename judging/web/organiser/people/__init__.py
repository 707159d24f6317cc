"""The people of a contest: office, judges, panels."""
