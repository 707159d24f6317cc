"""The command line: `judging` and what stands behind each of its commands."""

from judging.cli.program import main

__all__ = ["main"]
