"""Decisions of two people over submitted sheets."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from judging.web.api.schemas.base import Amount, Answer, Body, Moment, Reason
from judging.web.api.schemas.sheets import MarkKey, MarkText


class OverrideBody(Body):
    """What is to become of a sheet: `exclude` leaves it out, otherwise `marks` holds every mark that counts instead."""

    exclude: bool = False
    marks: Annotated[dict[MarkKey, MarkText], Field(max_length=200)] = Field(default_factory=dict)
    reason: Reason


class VerdictBody(Body):
    """What is decided over a proposal. `withdraw` is for whoever made it, the others for a second person."""

    verdict: Literal["approve", "reject", "withdraw"]


class OverrideAnswer(Answer):
    """A decision, by aliases. `stands` says whether its version of the sheet is the one that was submitted last."""

    id: str
    assignment: str
    round: str
    judge: str
    entry: str
    version: int
    state: str
    exclude: bool
    marks: dict[str, Amount] | None = Field(description="None where the caller may not read sheets.")
    reason: str
    stands: bool
    proposed_at: Moment
    decided_at: Moment | None


class OverrideList(Answer):
    """A part of the decisions, the newest first."""

    items: list[OverrideAnswer]
    next: str | None
