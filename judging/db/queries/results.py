"""Reads of the public results page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.db.models import Assignment, Contest, Entry, Prize

_NEVER_ENTERED = ("draft",)
_NOT_ELIGIBLE = ("draft", "submitted", "returned", "late", "ineligible")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The contest in numbers: entries and eligible ones by category, recorded sheets and the judges who wrote them."""

    entries: Counter[str]
    eligible: Counter[str]
    sheets: int
    judges: int


def count_figures(session: Session, contest: Contest) -> Figures:
    """The figures of a contest, in two queries."""
    entries: Counter[str] = Counter()
    eligible: Counter[str] = Counter()
    states = (
        select(Entry.category, Entry.state, func.count())
        .where(Entry.contest_id == contest.id)
        .group_by(Entry.category, Entry.state)
    )
    for category, state, count in session.execute(states):
        if state not in _NEVER_ENTERED:
            entries[category] += count
        if state not in _NOT_ELIGIBLE:
            eligible[category] += count
    sheets, judges = session.execute(
        select(func.count(), func.count(Assignment.judge_id.distinct())).where(
            Assignment.contest_id == contest.id, Assignment.state == "submitted"
        )
    ).one()
    return Figures(entries=entries, eligible=eligible, sheets=sheets, judges=judges)


def winners_by_alias(session: Session, contest: Contest, aliases: Collection[str]) -> dict[str, Entry]:
    """The entries of these aliases."""
    query = select(Entry).where(Entry.contest_id == contest.id, Entry.alias.in_(aliases))
    return {entry.alias: entry for entry in session.scalars(query)}


def posted_prizes(session: Session, contest: Contest) -> list[dict[str, str]]:
    """The prizes given so far, in the form in which a publication keeps them."""
    query = (
        select(Entry.alias, Prize.level, Prize.board)
        .join(Entry, Entry.id == Prize.entry_id)
        .where(Prize.contest_id == contest.id)
        .order_by(Prize.level, Prize.board, Entry.number)
    )
    return [{"entry": alias, "level": level, "board": board} for alias, level, board in session.execute(query)]
