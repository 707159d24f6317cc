"""The mathematics of who judges what: minimum-cost flow, and what is asked of a plan beyond the greatest total.

Loads numpy and OR-Tools: import it where something is planned, not where a program starts.
"""
