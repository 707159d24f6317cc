"""Where a judge goes next in a live round without a timetable."""

from __future__ import annotations

from judging.web.api.schemas.base import Answer, Moment


class NextEntry(Answer):
    """The booth that is kept for the judge, and the reading for which it is. `booth` is empty where it has no name."""

    assignment: str
    entry: str
    code: str
    title: str
    booth: str
    until: Moment
    minutes: int


class Freed(Answer):
    """Whether the judge still had the booth that was given free."""

    assignment: str
    freed: bool
