"""Contests: their description, dates, rules and settings."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, JsonValue, StringConstraints

from judging.web.api.schemas.base import Amount, Answer, Body, Key, Line, Moment, Named, Reason


class Organisation(Answer):
    """Who runs a contest."""

    slug: str
    name: str


class Dates(Answer):
    """The dates of a contest; null is a date not yet set."""

    opens_at: Moment | None
    closes_at: Moment | None
    judging_starts_at: Moment | None
    judging_ends_at: Moment | None
    publishes_at: Moment | None


class ContestSummary(Answer):
    """A contest in a list."""

    slug: str
    kind: str
    title: str
    title_en: str
    year: int
    edition: int
    phase: str
    organisation: Organisation
    dates: Dates
    takes_entries: bool = Field(description="Whether an entry may be begun now.")
    published_at: Moment | None


class ContestList(Answer):
    """A part of the contests, the newest first."""

    items: list[ContestSummary]
    next: str | None


class FieldAnswer(Answer):
    """A question of the entry form."""

    key: str
    label: str
    kind: str
    required: bool
    max_words: int = Field(description="0 where words are not counted.")
    choices: list[Named]


class ItemAnswer(Answer):
    """A thing that the dossier asks for."""

    key: str
    label: str
    kind: str
    required: bool
    low: int
    high: int
    max_pages: int
    max_seconds: int
    min_height: int
    max_megabytes: int
    office_only: bool


class TeamAnswer(Answer):
    """How many authors an entry may have, and what is asked of each."""

    low: int
    high: int
    shares: bool
    births: bool


class MarkAnswer(Answer):
    """A number that a sheet takes, by the key under which it is sent."""

    key: str
    label: str
    low: Amount
    high: Amount
    step: Amount


class BandAnswer(Answer):
    """A named range of marks."""

    key: str
    label: str
    low: Amount
    high: Amount


class CriterionAnswer(Answer):
    """A line of the rubric; without marks it takes a comment only."""

    key: str
    label: str
    help: str
    weight: Amount
    comment: str = Field(description="none, optional, required or at-zero")
    marks: list[MarkAnswer]
    bands: list[BandAnswer]


class RubricAnswer(Answer):
    """What a judge scores. `digest` changes whenever the rubric does."""

    digest: str
    maximum: Amount
    criteria: list[CriterionAnswer]
    sentences: int = Field(description="How many sentences the overall comment needs.")


class RoundRules(Answer):
    """A round as the rules have it."""

    key: str
    label: str
    mode: str
    aggregator: str
    judges_per_entry: int
    blind: bool
    rubric: RubricAnswer


class AwardAnswer(Answer):
    """A prize level."""

    key: str
    label: str
    planned: int
    board: str
    special: bool


class Contest(ContestSummary):
    """A contest with the rules that are in force."""

    summary: str
    summary_en: str
    zone: str
    decision: str
    rules_digest: str | None
    categories: list[Named]
    divisions: list[Named]
    team: TeamAnswer
    fields: list[FieldAnswer]
    dossier: list[ItemAnswer]
    rounds: list[RoundRules]
    awards: list[AwardAnswer]
    tie_breaks: list[str]


class KindSummary(Answer):
    """A contest kind that is installed."""

    key: str
    label: str
    summary: str
    version: str


class KindList(Answer):
    """The installed kinds."""

    items: list[KindSummary]


class DatesBody(Body):
    """Dates to be set; one that is left out stays, null takes one away."""

    opens_at: Moment | None = None
    closes_at: Moment | None = None
    judging_starts_at: Moment | None = None
    judging_ends_at: Moment | None = None
    publishes_at: Moment | None = None


class ContestBody(Body):
    """A new contest."""

    organisation: Key | None = Field(default=None, description="Its slug; may be left out by whoever runs only one.")
    kind: Key
    slug: Annotated[str, StringConstraints(max_length=80)]
    title: Line
    title_en: Line = ""
    year: Annotated[int, Field(ge=2000, le=2100)]
    edition: Annotated[int, Field(ge=1, le=1000)] = 1
    zone: Annotated[str, StringConstraints(max_length=60)] = "Asia/Ho_Chi_Minh"
    dates: DatesBody | None = None


class ContestChange(Body):
    """What is to be changed; what is left out stays as it is."""

    title: Line | None = None
    title_en: Line | None = None
    summary: Reason | None = None
    summary_en: Reason | None = None
    dates: DatesBody | None = None


class SettingAnswer(Answer):
    """A setting with its value in force, as plain JSON."""

    key: str
    label: str
    help: str
    kind: str
    value: JsonValue
    changed: bool = Field(description="Whether this contest differs from its kind in it.")


class Settings(Answer):
    """All settings of a contest. `pinned` says that the contest has opened: a change is then an amendment."""

    pinned: bool
    items: list[SettingAnswer]


class SettingsBody(Body):
    """Settings to be changed, by key; after the opening with the reason of the amendment."""

    values: Annotated[dict[Key, JsonValue], Field(max_length=100)]
    reason: Reason = ""
