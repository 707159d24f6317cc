"""A contest as templates of plugins see it: a value with what is public of it anyway, and no row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from judging.db.models import Contest


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestValue:
    """One edition of a contest kind. `organisation` is the name of the office; moments are aware and in UTC."""

    slug: str
    kind: str
    title: str
    title_en: str
    year: int
    edition: int
    zone: str
    phase: str
    decision: str
    organisation: str
    opens_at: datetime | None
    closes_at: datetime | None
    published_at: datetime | None


def contest_value(contest: Contest) -> ContestValue:
    """The value of a contest's row."""
    return ContestValue(
        slug=contest.slug, kind=contest.kind, title=contest.title, title_en=contest.title_en, year=contest.year,
        edition=contest.edition, zone=contest.zone, phase=contest.phase, decision=contest.decision,
        organisation=contest.organisation.name, opens_at=contest.opens_at, closes_at=contest.closes_at,
        published_at=contest.published_at,
    )  # fmt: skip
