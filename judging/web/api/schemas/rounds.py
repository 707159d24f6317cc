"""Phases, rounds, plans, standings, sheets as the office reads them, prizes and results."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from judging.domain.contest_phases import ContestPhase
from judging.web.api.schemas.base import Amount, Answer, Body, FaultAnswer, Id, Key, Line, Moment, Query, Reason

Alias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,20}$")]


class PhaseBody(Body):
    """The phase to go to. `decision` is the number of the decision by which results are published."""

    to: Annotated[ContestPhase, Field(strict=False)]
    reason: Reason = ""
    decision: Annotated[str, StringConstraints(max_length=100)] = Field(
        default="", description="Where it is left out, `reason` stands for it."
    )


class Step(Answer):
    """A step that may be asked for now, whether or not its conditions are met."""

    to: str
    label: str
    needs_reason: bool


class Phase(Answer):
    """Where a contest stands, where it can go, and what is still to be set up."""

    phase: str
    label: str
    steps: list[Step]
    missing: list[FaultAnswer]


class RoundAnswer(Answer):
    """Where a round stands: pending, open, closed or advanced."""

    key: str
    label: str
    state: str
    opened_at: Moment | None
    closed_at: Moment | None
    ends_at: Moment | None = Field(description="Until when sheets are taken; null where only its closing ends it.")


class RoundList(Answer):
    """The rounds in their order; none before the contest opened."""

    items: list[RoundAnswer]


class TimetablePlace(Answer):
    """A team in a room, with the aliases of the judges who are there."""

    room: str
    starts_at: Moment
    ends_at: Moment
    entry: str
    code: str
    judges: list[str]


class Timetable(Answer):
    """Who meets whom in a live round, by time and room; nothing before the office has made it."""

    items: list[TimetablePlace]


class Pair(Answer):
    """A judge for an entry, by alias."""

    judge: str
    entry: str


class Unfilled(Answer):
    """An entry that lacks judges, and why."""

    entry: str
    missing: int
    reason: str


class Plan(Answer):
    """The plan as it would be made now. `seal` changes whenever the plan does.

    `advice` says what would help. `linked` is whether the scores of each group that is compared can be compared;
    `parts` holds for each group the sets of judges whom no common entry joins, `suggestions` the fewest readings that
    would join them. Of a repair, `removed` are readings taken from judges who stay and `lost` those of judges who
    leave.
    """

    seal: str
    pairs: list[Pair]
    unfilled: list[Unfilled]
    load: dict[str, int]
    advice: list[str]
    linked: bool
    parts: dict[str, list[list[str]]]
    suggestions: list[Pair]
    removed: list[Pair]
    lost: list[Pair]


class PlanQuery(Query):
    """With `repair` the least change to the plan that stands; `leaving` is the alias of a judge who drops out."""

    repair: Annotated[bool, Field(strict=False)] = False
    leaving: Alias | None = None


class ApplyBody(Body):
    """The seal of the plan or repair that was looked at; without it that of this moment is made."""

    seal: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    repair: bool = Field(default=False, description="Mend the plan with the least change instead of filling it.")
    leaving: Alias | None = Field(default=None, description="A judge who drops out, by alias; `reason` is needed.")
    reason: Reason = ""


class Applied(Answer):
    """How many sheets were assigned, and who still falls short."""

    made: int
    unfilled: list[Unfilled]


class ReasonBody(Body):
    """Why it is done."""

    reason: Reason


class ReopenBody(ReasonBody):
    """Why a round is opened again, and until when: needed where its own end has passed."""

    until: Moment | None = None


class Advanced(Answer):
    """How many entries went on and how many did not."""

    advanced: int
    eliminated: int


class VoteBody(Body):
    """The chair's vote: the entries of one shared rank, by alias, the first stands first."""

    order: Annotated[list[Alias], Field(max_length=100)]
    reason: Reason


class Tie(Answer):
    """What parted an entry from a neighbour of equal score."""

    key: str
    own: Amount
    other: Amount
    other_entry: str


class StandingAnswer(Answer):
    """An entry's place. `code` and `title` are told to the office only."""

    rank: int
    entry: str
    code: str | None
    title: str | None
    score: Amount
    sheets: int
    left_out: int
    criteria: dict[str, Amount]
    tie: list[Tie]


class StandingList(Answer):
    """A part of the standings, first place first.

    `problems` tells the office where one ranking mixes scores of judges whom no common entry joins.
    """

    round: str
    problems: list[FaultAnswer]
    items: list[StandingAnswer]
    next: str | None


class OfficeSheet(Answer):
    """A submitted sheet, of an entry that is locked; judge and entry go by alias."""

    assignment: str
    judge: str
    entry: str
    code: str
    version: int
    total: Amount
    marks: dict[str, Amount]
    comments: dict[str, str]
    comment: str
    submitted_at: Moment


class OfficeSheetList(Answer):
    """A part of the sheets."""

    items: list[OfficeSheet]
    next: str | None


class PrizeAnswer(Answer):
    """A prize that was given."""

    id: str
    entry: str
    level: str
    board: str
    reason: str


class PrizeList(Answer):
    """The prizes given so far."""

    items: list[PrizeAnswer]


class GrantBody(Body):
    """A prize by a named decision."""

    entry: Id
    level: Key
    board: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]*$", max_length=60)] = ""
    reason: Reason


class Winner(Answer):
    """A prize as everybody reads it; names and units as far as consents allow."""

    level: str
    label: str
    board: str
    entry: str
    code: str
    title: Line
    category: str
    names: list[str]
    units: list[str]
    score: Amount | None
    rank: int | None


class Results(Answer):
    """Published results. `sha256` is that of the ranking at /contests/{slug}/ranking.json."""

    contest: str
    published_at: Moment
    decision: str
    sha256: str
    prizes: list[Winner]
