"""Conflicts of interest: found in the data, declared, set by the office, set aside, and forced by two persons.

Whoever only wants to know whether a judge may have an entry asks `services.judges.conflicts.gate`.
"""
