"""Innovative start-ups: the yearly contest for ideas and projects, from plan to pitch."""

from judging_startup.plugin import plugin

__all__ = ["plugin"]
