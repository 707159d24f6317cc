"""Technical innovation: the contest, every two years, for technical work that is already in use."""

from judging_technical_innovation.plugin import plugin

__all__ = ["plugin"]
