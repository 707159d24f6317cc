"""Tables that people bring along: read from CSV and XLSX files into plain texts, with bounds on all that is read."""
