"""What hangs on one judge: the standings recounted by the contest's own rules without somebody's sheets.

What is found is a question to a person, never a verdict: a judge on whom much hangs may have read the entries that
stand close together, or may be the one who was right.
"""
