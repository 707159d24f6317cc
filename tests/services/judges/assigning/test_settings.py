"""What the office asks of a plan changes the plan, and its seal."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from judging.db.models import AuditEvent, Judge
from judging.domain.permissions import Actor, Role
from judging.domain.plan_settings import PlanSettings
from judging.errors import NotAllowed, Refused
from judging.plugins import Registry
from judging.services.judges.assigning.assignments import AssignmentPlan, apply_plan, plan_round
from judging.services.judges.assigning.settings import (
    judge_preferences,
    plan_settings,
    prefer_categories,
    preferred_categories,
    set_plan_settings,
)
from tests.factories import NOW, make_entry, make_judge, make_panel
from tests.services.office import PRELIMINARY, Office, hold_contest, set_round


@pytest.fixture
def held(session: Session, registry: Registry) -> Office:
    """Two panels of three judges; the first takes the first category, the second all others, four entries each."""
    made = hold_contest(session, registry, entries=0, judges=3, state="eligible")
    set_round(session, made, PRELIMINARY, "pending")
    keys = [one.key for one in made.rules.categories]
    assert made.panel is not None
    made.panel.categories = keys[:1]
    other = make_panel(session, made.contest, categories=keys[1:])
    made.judges += [make_judge(session, made.contest, panel=other) for _ in range(3)]
    made.entries = [
        make_entry(session, made.contest, state="eligible", number=number + 1, category=keys[number % 2])
        for number in range(8)
    ]
    return made


def _ask(session: Session, held: Office, **wanted: Any) -> None:
    asked = replace(PlanSettings(), **wanted)
    set_plan_settings(
        session, contest=held.contest, round_key=PRELIMINARY, wanted=asked, actor=held.organiser, now=NOW
    )  # fmt: skip


def _plan(session: Session, registry: Registry, held: Office) -> AssignmentPlan:
    return plan_round(session, registry=registry, contest=held.contest, round_key=PRELIMINARY)


def _apply(session: Session, registry: Registry, held: Office) -> int:
    made = apply_plan(
        session, registry=registry, contest=held.contest, round_key=PRELIMINARY,
        seal=_plan(session, registry, held).seal, actor=held.organiser, now=NOW,
    )  # fmt: skip
    session.flush()
    return made


def _prefer(session: Session, held: Office, judge: Judge, *categories: str) -> None:
    prefer_categories(
        session, contest=held.contest, rules=held.rules, judge=judge, categories=categories, actor=held.organiser,
        now=NOW,
    )  # fmt: skip


def test_settings_are_kept_and_recorded(session: Session, held: Office) -> None:
    assert plan_settings(session, contest=held.contest, round_key=PRELIMINARY) == PlanSettings()

    _ask(session, held, common=2, least=3)
    _ask(session, held, common=1)

    assert plan_settings(session, contest=held.contest, round_key=PRELIMINARY) == PlanSettings(common=1)
    assert session.query(AuditEvent).filter_by(action="plan-settings-changed").count() == 2


@pytest.mark.parametrize("wanted", [{"common": -1}, {"across": 51}, {"least": 1001}])
def test_senseless_numbers_are_refused(session: Session, held: Office, wanted: dict[str, int]) -> None:
    with pytest.raises(Refused) as refused:
        _ask(session, held, **wanted)

    assert [problem.where for problem in refused.value.problems] == list(wanted)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.JUDGE, Role.COMMITTEE])
def test_settings_are_the_desks(session: Session, held: Office, role: Role) -> None:
    other = Actor(account_id=held.desk.id, roles=frozenset({role}))

    with pytest.raises(NotAllowed):
        set_plan_settings(
            session, contest=held.contest, round_key=PRELIMINARY, wanted=PlanSettings(), actor=other, now=NOW
        )
    with pytest.raises(NotAllowed):
        prefer_categories(
            session, contest=held.contest, rules=held.rules, judge=held.judges[0], categories=(), actor=other, now=NOW
        )


def test_panels_without_common_entries_are_apart_and_common_entries_join_them(
    session: Session, registry: Registry, held: Office
) -> None:
    before = _plan(session, registry, held).plan
    _ask(session, held, across=1)
    after = _plan(session, registry, held).plan

    assert [len(parts) for parts in before.parts.values()] == [2]
    assert not before.is_linked
    assert len(before.suggestions) == 1
    assert after.is_linked
    assert len(after.pairs) == len(before.pairs) + 2


def test_common_entries_are_asked_for_once(session: Session, registry: Registry, held: Office) -> None:
    make_judge(session, held.contest, panel=held.panel)
    _ask(session, held, common=1, across=1)

    made = _apply(session, registry, held)

    assert made == 8 * 3 + 1 + 2
    assert _plan(session, registry, held).plan.pairs == ()


def test_seal_changes_with_what_is_asked_even_where_the_pairs_stay(
    session: Session, registry: Registry, held: Office
) -> None:
    before = _plan(session, registry, held)
    _ask(session, held, least=1)
    after = _plan(session, registry, held)

    assert after.plan.pairs == before.plan.pairs
    assert after.seal != before.seal


def test_judges_get_the_categories_that_they_know_best(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, entries=0, judges=6, state="eligible")
    set_round(session, held, PRELIMINARY, "pending")
    first, second = (one.key for one in held.rules.categories[:2])
    for number in range(8):
        make_entry(session, held.contest, state="eligible", number=number + 1, category=(first, second)[number % 2])
    for place, judge in enumerate(held.judges):
        _prefer(session, held, judge, (first, second)[place % 2])

    planned = _plan(session, registry, held)

    known = judge_preferences(session, contest=held.contest)
    apart = [pair for pair in planned.plan.pairs if planned.entries[pair[1]].category not in known[pair[0]]]
    # One reading joins those who know the one category to those who know the other.
    assert len(apart) == 1
    assert planned.plan.is_linked
    assert sum(planned.loads) == 24
    assert planned.loads[-1] - planned.loads[0] <= 2
    _ask(session, held, preferences=False)
    assert _plan(session, registry, held).plan.worst is None


def test_preferred_categories_are_replaced_and_unknown_ones_refused(session: Session, held: Office) -> None:
    first, second = (one.key for one in held.rules.categories[:2])
    _prefer(session, held, held.judges[0], first)
    _prefer(session, held, held.judges[0], second)
    _prefer(session, held, held.judges[0], second)

    assert preferred_categories(session, judge=held.judges[0]) == {second}
    assert session.query(AuditEvent).filter_by(action="judge-preferences-changed").count() == 2
    with pytest.raises(Refused):
        _prefer(session, held, held.judges[0], "astrology")


def test_least_number_is_told_where_it_cannot_be_reached(session: Session, registry: Registry, held: Office) -> None:
    _ask(session, held, least=5)

    advice = Counter(problem.code for problem in _plan(session, registry, held).plan.advice)

    assert advice == {"least-load": 6}
