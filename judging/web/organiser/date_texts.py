"""Dates of a contest as a form shows them: local time of the contest's zone, without the zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from judging.domain.values import Problem
from judging.errors import N_
from judging.services.contests.dates import DATE_LABELS, ContestDates

_SHOWN = "%Y-%m-%dT%H:%M"


def date_texts(dates: ContestDates, zone: str) -> dict[str, str]:
    """What the five controls show."""
    texts = {}
    for name in DATE_LABELS:
        moment = getattr(dates, name)
        texts[name] = "" if moment is None else moment.astimezone(ZoneInfo(zone)).strftime(_SHOWN)
    return texts


def read_dates(texts: Mapping[str, str], zone: str) -> tuple[ContestDates, tuple[Problem, ...]]:
    """The dates that were typed, in UTC, with a problem for each that cannot be read."""
    found: dict[str, datetime | None] = {}
    problems = []
    for name in DATE_LABELS:
        text = texts.get(name, "").strip()
        try:
            local = datetime.fromisoformat(text) if text else None
        except ValueError:
            message = N_("Write the day and the time, such as 2026-11-20 17:00.")
            problems.append(Problem(code="date", where=name, message=message))
            continue
        # A control of a page that somebody built by hand may name a zone of its own; ours does not.
        found[name] = None if local is None else local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return ContestDates(**found), tuple(problems)
