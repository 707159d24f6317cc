"""The record of a contest: acts in the words of the reader."""
