"""Youth creativity: the yearly contest for inventors from primary school to the end of school."""

from judging_youth_creativity.plugin import plugin

__all__ = ["plugin"]
