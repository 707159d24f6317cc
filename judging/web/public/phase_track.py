"""The course of a contest as everybody may see it, on one ruler."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext

from judging.db.models import Contest
from judging.domain.lifecycle import MAIN_LINE, ContestPhase
from judging.errors import N_
from judging.web.formats import day

_WEEK = 7
_MOST_DAYS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stop:
    key: str
    label: str
    last: ContestPhase
    begins: str = ""
    ends: str = ""


# What happens between judging and publication is the organiser's work; to everybody else it is one stretch.
_STOPS = (
    _Stop(key="announced", label=N_("Rules published"), last=ContestPhase.ANNOUNCED),
    _Stop(key="open", label=N_("Entries"), last=ContestPhase.OPEN, begins="opens_at", ends="closes_at"),
    _Stop(key="screening", label=N_("Screening"), last=ContestPhase.SCREENING),
    _Stop(
        key="judging",
        label=N_("Judging"),
        last=ContestPhase.JUDGING,
        begins="judging_starts_at",
        ends="judging_ends_at",
    ),
    _Stop(key="decision", label=N_("Decision"), last=ContestPhase.DECIDED),
    _Stop(key="published", label=N_("Results"), last=ContestPhase.ARCHIVED, begins="publishes_at"),
)


def public_track(contest: Contest, now: datetime) -> dict[str, Any]:
    """What the macro `phase.track` takes: `phases` and `today_at`; no phases when the contest was cancelled."""
    here = _main_phase(contest)
    if here is None:
        return {"phases": [], "today_at": None}
    present = next(at for at, stop in enumerate(_STOPS) if MAIN_LINE.index(here) <= MAIN_LINE.index(stop.last))
    phases = [_shown(contest, stop, at - present) for at, stop in enumerate(_STOPS)]
    return {"phases": phases, "today_at": _part_gone(contest, _STOPS[present], now)}


def _main_phase(contest: Contest) -> ContestPhase | None:
    phase = ContestPhase(contest.phase)
    if phase is ContestPhase.SUSPENDED and contest.resume_phase:
        phase = ContestPhase(contest.resume_phase)
    if phase is ContestPhase.RECHECK:
        return ContestPhase.DELIBERATION
    return phase if phase in MAIN_LINE else None


def _shown(contest: Contest, stop: _Stop, distance: int) -> dict[str, Any]:
    begins, ends = _moments(contest, stop)
    if begins and ends:
        dates = f"{day(begins, contest.zone)} – {day(ends, contest.zone)}"
        days = max((ends - begins).days, 1)
    else:
        dates, days = (day(begins or ends, contest.zone) if begins or ends else ""), 1
    return {
        "key": stop.key,
        "label": gettext(stop.label),
        "dates": dates,
        "fact": "",
        "state": "past" if distance < 0 else "present" if distance == 0 else "future",
        "ticks": days if days <= _MOST_DAYS else days // _WEEK,
    }


def _part_gone(contest: Contest, stop: _Stop, now: datetime) -> float | None:
    begins, ends = _moments(contest, stop)
    if not begins or not ends or ends <= begins:
        return None
    return min(max((now - begins) / (ends - begins), 0.0), 1.0)


def _moments(contest: Contest, stop: _Stop) -> tuple[datetime | None, datetime | None]:
    begins: datetime | None = getattr(contest, stop.begins) if stop.begins else None
    ends: datetime | None = getattr(contest, stop.ends) if stop.ends else None
    return begins, ends
