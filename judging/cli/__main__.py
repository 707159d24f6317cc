"""Run the command line as `python -m judging.cli`."""

from judging.cli.program import main

main()
