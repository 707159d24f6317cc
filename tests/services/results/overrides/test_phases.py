"""When a decision is taken: during judging, before the round is advanced, and never under published results."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from judging.db.models import Contest
from judging.errors import Conflict
from judging.plugins import Registry
from judging.services.results.prizes import settle_prizes
from judging.services.results.publication import publish_results, withdraw_publication
from judging.services.rounds.running import advance_round, close_round
from tests.factories import NOW
from tests.services.office import FINAL, PRELIMINARY, Office, finish_rounds, hold_contest
from tests.services.results.overrides.cases import approve, override_leaves, person, propose, sheet_of


@pytest.mark.parametrize(
    "phase", ["open", "closed", "screening", "approved", "posted", "decided", "archived", "suspended", "cancelled"]
)
def test_other_phases_take_no_decision(session: Session, registry: Registry, held: Office, phase: str) -> None:
    override = propose(session, registry, held)
    second = person(session, held)
    held.contest.phase = phase
    session.flush()

    with pytest.raises(Conflict):
        approve(session, registry, override, second)
    with pytest.raises(Conflict):
        propose(session, registry, held, assignment=sheet_of(session, held, judge=1))


def test_round_that_was_advanced_keeps_its_sheets(session: Session, registry: Registry, held: Office) -> None:
    override = propose(session, registry, held)
    for act in (close_round, advance_round):
        act(session, registry=registry, contest=held.contest, round_key=PRELIMINARY, actor=held.organiser, now=NOW)

    with pytest.raises(Conflict, match="who went on"):
        approve(session, registry, override, person(session, held))


def _publish(session: Session, registry: Registry, held: Office) -> None:
    settle_prizes(session, registry=registry, contest=held.contest, actor=held.organiser, now=NOW)
    publish_results(session, registry=registry, contest=held.contest, decision="12/QĐ", actor=held.organiser, now=NOW)


def test_published_results_are_withdrawn_first_and_published_anew(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, entries=5)
    finish_rounds(session, held, ("0.9", "0.85", "0.8", "0.75", "0.5"))
    second = person(session, held)
    sheet = sheet_of(session, held, round_key=FINAL)
    waiting = propose(session, registry, held, assignment=sheet)
    _publish(session, registry, held)

    with pytest.raises(Conflict, match="Withdraw the publication"):
        approve(session, registry, waiting, second)
    with pytest.raises(Conflict, match="Withdraw the publication"):
        propose(session, registry, held, assignment=sheet_of(session, held, judge=1, round_key=FINAL))
    assert override_leaves(session) == []

    withdraw_publication(session, contest=held.contest, reason="Wrong", actor=held.organiser, now=NOW)
    approve(session, registry, waiting, second)
    _publish(session, registry, held)

    assert len(override_leaves(session)) == 1


def test_closed_log_takes_no_decision(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, entries=5)
    finish_rounds(session, held, ("0.9", "0.85", "0.8", "0.75", "0.5"))
    _publish(session, registry, held)
    # As one sees it who read the phase before the publication was stored.
    session.execute(update(Contest).values(phase="deliberation"))
    session.refresh(held.contest)

    with pytest.raises(Conflict, match="score log is closed"):
        propose(session, registry, held, assignment=sheet_of(session, held, round_key=FINAL))
