"""Extending the deadline for entries."""

from __future__ import annotations

from judging.web.api.schemas.base import Answer, Body, Moment, Reason


class ExtensionBody(Body):
    """Until when, for whom (`whole`: everybody, otherwise open drafts only), why, and what everybody is told."""

    until: Moment
    whole: bool
    reason: Reason
    note: Reason


class ExtensionAnswer(Answer):
    """The extension as it was recorded; `entries` are the drafts that it concerns."""

    old: Moment
    new: Moment
    whole: bool
    note: str
    time: Moment
    entries: list[str]
