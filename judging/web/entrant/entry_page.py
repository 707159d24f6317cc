"""What every page of an entry shows around its own content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from judging.db.models import Entry
from judging.domain.lifecycle import ENTRY_LABELS
from judging.domain.values import Problem
from judging.errors import N_, ContestSuspended
from judging.services.contests.deadlines import entry_deadline, return_term
from judging.services.entries.eligibility import check_entry
from judging.services.entries.status import shown_state
from judging.web.context import contest, entry, now, platform, rules
from judging.web.entrant.step_list import locate, next_stop, step_label, stop_before, stop_links, stops
from judging.web.transaction import db

_SUSPENDED = Problem(
    code="suspended",
    message=N_("The contest is suspended for now. What you write is kept; entries can be handed in once it goes on."),
)


def problems_of(shown: Entry) -> tuple[Problem, ...]:
    """What keeps the entry from being handed in now; a suspended contest is one such reason."""
    try:
        return check_entry(db(), registry=platform().registry, entry=shown, now=now())
    except ContestSuspended:
        return (_SUSPENDED,)


def entry_context() -> dict[str, Any]:
    """The entry, its contest and rules, and the state as its people may know it."""
    shown, of_contest = entry(), contest()
    return {
        "entry": shown,
        "contest": of_contest,
        "rules": rules(),
        "state": ENTRY_LABELS[shown_state(shown, of_contest)],
    }


def step_context(step: str, problems: Sequence[Problem]) -> dict[str, Any]:
    """What each stop of the form shows: the stops, what is missing here and elsewhere, the ways on and back."""
    shown, in_force = entry(), rules()
    missing = locate(shown, in_force, [problem for problem in problems if not problem.ask])
    all_stops = stops(in_force)
    deadline = entry_deadline(db(), shown, contest=contest())
    returned = shown.state == "returned"
    term = return_term(db(), shown) if returned else None
    return {
        **entry_context(),
        "step": step,
        "step_title": step_label(step),
        "steps": stop_links(shown, in_force, step, missing),
        "position": all_stops.index(step) + 1,
        "missing": missing,
        "questions": locate(shown, in_force, [problem for problem in problems if problem.ask]),
        "missing_here": [each for each in missing if each.step == step],
        "before": stop_before(in_force, step),
        "after": next_stop(in_force, step),
        "deadline": (term.until if term else None) if returned else deadline.at,
        "in_time": returned or deadline.is_in_time(now()),
    }
