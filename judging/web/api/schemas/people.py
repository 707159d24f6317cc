"""Who runs and who judges a contest."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from judging.web.api.schemas.base import Answer, Body, Email, Id, Key, Line


class Panel(Answer):
    """Judges who score a set of categories."""

    id: str
    name: str
    categories: list[str]
    judges: int


class PanelList(Answer):
    """The panels in their order."""

    items: list[Panel]


class PanelBody(Body):
    """A panel as it is wanted; without `id` it is new."""

    id: Id | None = None
    name: Line
    categories: Annotated[list[Key], Field(max_length=60)] = Field(default_factory=list)


class PanelsBody(Body):
    """All panels in their order; those left out are removed."""

    panels: Annotated[list[PanelBody], Field(max_length=60)]


class Judge(Answer):
    """A judge of a contest. `panels` and `chairs` are ids of panels."""

    id: str
    alias: str
    name: str
    email: str
    unit: str
    capacity: int
    active: bool
    declared: bool = Field(description="Whether the judge has declared their conflicts of interest.")
    panels: list[str]
    chairs: list[str]


class JudgeList(Answer):
    """A part of the judges, in the order in which they were named."""

    items: list[Judge]
    next: str | None


class JudgeBody(Body):
    """A judge to be named by address; a person without an account gets one, and a letter that says how to come in."""

    email: Email
    name: Line
    unit: Line = ""
    capacity: Annotated[int, Field(ge=1, le=1000)] = 60
    panels: Annotated[list[Id], Field(max_length=60)] = Field(default_factory=list)
    chairs: Annotated[list[Id], Field(max_length=60)] = Field(default_factory=list)


class JudgeChange(Body):
    """What is to be changed; what is left out stays as it is."""

    unit: Line | None = None
    capacity: Annotated[int, Field(ge=1, le=1000)] | None = None
    panels: Annotated[list[Id], Field(max_length=60)] | None = None
    chairs: Annotated[list[Id], Field(max_length=60)] | None = None
    active: bool | None = None


class Staff(Answer):
    """Somebody's role in the office of a contest."""

    id: str
    role: str
    name: str
    email: str


class StaffList(Answer):
    """The office of a contest itself; whoever has a role in the whole organisation is not among them."""

    items: list[Staff]


class StaffBody(Body):
    """A role to be given to a person by address."""

    email: Email
    name: Line
    role: Literal["organiser", "secretary", "committee", "auditor"]


class OwnOrganisation(Answer):
    """An organisation for which contests may be opened."""

    slug: str
    name: str


class Me(Answer):
    """Who the token acts for, and how far it reaches."""

    name: str
    email: str
    locale: str
    scopes: list[str]
    expires_at: str
    administrator: bool
    organisations: list[OwnOrganisation]
