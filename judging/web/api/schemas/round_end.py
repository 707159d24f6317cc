"""The end of a round, the sheets that came after it, and reminders to judges who have been silent."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from judging.web.api.schemas.base import Answer, Body, Moment, Reason
from judging.web.api.schemas.rounds import Alias


class EndBody(Body):
    """Until when sheets are taken; with `judge` from this one alone. In an open round an end only moves to later."""

    until: Moment
    judge: Alias | None = None
    reason: Reason = ""


class EndAnswer(Answer):
    """The end as it was set, and the aliases of the judges who are told by letter."""

    round: str
    until: Moment
    judge: str | None
    told: list[str]


class LateSheetAnswer(Answer):
    """A sheet that came after the end and was not recorded. `taken` says that its judge may hand it in again."""

    assignment: str
    judge: str
    entry: str
    code: str
    received_at: Moment
    last_at: Moment
    tries: int
    taken: bool


class LateSheetList(Answer):
    """The late sheets of a round that are still awaited, the first one first."""

    items: list[LateSheetAnswer]


class LateTaken(Answer):
    """A late sheet that may be handed in again until the round is closed."""

    assignment: str
    taken: bool


class ReminderAnswer(Answer):
    """A silent judge with the letter as they would read it now. `told` says that one of today is in the log."""

    judge: str
    left: int
    told: bool
    subject: str
    text: str


class ReminderList(Answer):
    """The judges of a round who have been silent."""

    items: list[ReminderAnswer]


class RemindBody(Body):
    """The aliases of the judges who are to be reminded."""

    judges: Annotated[list[Alias], Field(min_length=1, max_length=1000)]


class Reminded(Answer):
    """To whom a letter goes; whoever has one of today is not among them."""

    sent: list[str]
