"""Ties to schools and units, and assignments in spite of a conflict."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from judging.domain.conflicts import ConflictKind
from judging.web.api.schemas.base import Answer, Body, Key, Moment, Reason

Alias = Annotated[str, StringConstraints(pattern=r"^[ej]-[0-9a-z]{4,32}$")]


class UnitTie(Body):
    """A school or unit by its name, and what ties one to it."""

    unit: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    kind: Annotated[ConflictKind, Field(strict=False)]


class UnitsBody(Body):
    """One's ties to schools and units that are not known yet; an empty list says that there is none to add."""

    units: Annotated[list[UnitTie], Field(max_length=20)]


class UnitsDeclared(Answer):
    """How many ties are new. Which entries that concerns is not told."""

    recorded: int


class ForcedBody(Body):
    """Judge and entry by their aliases, and why nobody else can judge it."""

    round: Key
    judge: Alias
    entry: Alias
    reason: Reason


class ForcedAnswer(Answer):
    """A proposal to assign in spite of a conflict; only an approved one assigns."""

    id: str
    round: str
    judge: str
    entry: str
    conflicts: list[str]
    reason: str
    state: str
    proposed_at: Moment
    decided_at: Moment | None


class ForcedList(Answer):
    """A part of the proposals, the newest first."""

    items: list[ForcedAnswer]
    next: str | None
