"""Commands for people who work on the code. Nothing here is part of the program."""
