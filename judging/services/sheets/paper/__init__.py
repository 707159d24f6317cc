"""Sheets that come on paper: typed by two people of the office, recorded when they typed the same.

The judge's own words stand on the paper, and the office keeps it. What is recorded is the judge's sheet like any other,
and its leaf in the score log names the two who typed it.
"""
