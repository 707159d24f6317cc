"""What counts once a decision is approved, replaced or superseded, in the rows as in the score log."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from judging.db.models import SheetOverride, SheetVersion
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict
from judging.plugins import Registry
from judging.services.results.standings import round_standings
from judging.services.rounds.progress import find_gaps
from judging.services.rounds.running import close_round
from judging.services.sheets.life import reopen_sheet, submit_sheet
from judging.services.upkeep.checks.overrides import check_overrides
from tests.factories import NOW
from tests.services.office import PRELIMINARY, Office
from tests.services.results.overrides.cases import (
    approve,
    counted,
    marks_of,
    override_leaves,
    person,
    propose,
    sheet_of,
)


def test_proposal_changes_nothing_until_a_second_person_approves(
    session: Session, registry: Registry, held: Office
) -> None:
    before = counted(session, held)

    override = propose(session, registry, held)

    assert (override.state, counted(session, held)) == ("proposed", before)
    assert override_leaves(session) == []

    approve(session, registry, override, person(session, held))

    assert counted(session, held).keys() == before.keys() - {held.judges[0].alias}
    leaves = override_leaves(session)
    assert len(leaves) == 1
    assert leaves[0]["exclude"] is True
    assert leaves[0]["by"] != leaves[0]["approved_by"]
    assert check_overrides(session).ok
    assert check_overrides(session).count == 1


def test_other_marks_count_in_place_of_the_sheets_own(session: Session, registry: Registry, held: Office) -> None:
    wanted = marks_of(held, "0.5")

    approve(session, registry, propose(session, registry, held, exclude=False, marks=wanted), person(session, held))

    own = counted(session, held)
    assert {key: float(mark) for key, mark in own[held.judges[0].alias].items()} == {
        key: float(mark) for key, mark in wanted.items()
    }
    assert session.scalars(
        select(SheetVersion.number).where(SheetVersion.assignment_id == sheet_of(session, held).id)
    ).all() == [1]
    standings = round_standings(session, registry=registry, contest=held.contest, round_key=PRELIMINARY)
    assert standings[0].entry == held.entries[1].alias
    assert override_leaves(session)[0]["scores"] == session.scalars(select(SheetOverride)).one().marks


def test_later_decision_replaces_the_earlier_one_in_rows_and_log(
    session: Session, registry: Registry, held: Office
) -> None:
    second = person(session, held)
    first = approve(session, registry, propose(session, registry, held), second)

    later = propose(session, registry, held, exclude=False, marks=marks_of(held, "0.6"))
    approve(session, registry, later, second)

    session.refresh(first)
    assert (first.state, later.state) == ("replaced", "approved")
    assert held.judges[0].alias in counted(session, held)
    assert check_overrides(session).ok
    # Closing a round holds the ranking of the rows against that of the log.
    close_round(session, registry=registry, contest=held.contest, round_key=PRELIMINARY, actor=held.organiser, now=NOW)


def test_new_version_supersedes_the_decision_and_the_proposal(
    session: Session, registry: Registry, held: Office
) -> None:
    assignment = sheet_of(session, held)
    second = person(session, held)
    approve(session, registry, propose(session, registry, held), second)
    waiting = propose(session, registry, held, exclude=False, marks=marks_of(held, "0.4"))
    held.judges[0].conflicts_declared_at = NOW
    assignment.comment = "Rõ ràng. Dễ làm theo."
    session.flush()

    reopen_sheet(session, assignment=assignment, actor=held.organiser, reason="See again", now=NOW)
    with pytest.raises(Conflict):
        approve(session, registry, waiting, second)
    own = Actor(account_id=held.judges[0].account_id, roles=frozenset({Role.JUDGE}))
    submit_sheet(session, registry=registry, assignment=assignment, actor=own, now=NOW)

    assert held.judges[0].alias in counted(session, held)
    with pytest.raises(Conflict):
        approve(session, registry, waiting, second)
    close_round(session, registry=registry, contest=held.contest, round_key=PRELIMINARY, actor=held.organiser, now=NOW)


def test_wide_gap_by_decision_is_found(session: Session, registry: Registry, held: Office) -> None:
    judged = held.rules.find_round(PRELIMINARY)
    assert judged is not None
    assert find_gaps(session, contest=held.contest, judged=judged) == ()

    wanted = marks_of(held, "0.1")
    approve(session, registry, propose(session, registry, held, exclude=False, marks=wanted), person(session, held))

    assert [gap.entry.id for gap in find_gaps(session, contest=held.contest, judged=judged)] == [held.entries[0].id]


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ({"decided_by_id": None}, "second person"),
        ({"exclude": False, "marks": {"novelty": "1"}}, "not what the score log recorded"),
    ],
)
def test_check_tells_what_was_changed_beside_the_program(
    session: Session, registry: Registry, held: Office, damage: dict[str, Any], told: str
) -> None:
    approve(session, registry, propose(session, registry, held), person(session, held))
    session.execute(update(SheetOverride).values(damage))
    session.expire_all()

    assert told in check_overrides(session).problems[0]


def test_check_tells_a_decision_without_leaf_and_a_second_one_that_counts(
    session: Session, registry: Registry, held: Office
) -> None:
    override = propose(session, registry, held)
    second = person(session, held)
    session.execute(update(SheetOverride).values(state="approved", decided_by_id=second.account_id, decided_at=NOW))
    session.expire_all()
    assert "score log does not have it" in check_overrides(session).problems[0]

    session.execute(update(SheetOverride).values(state="proposed", decided_by_id=None, decided_at=None))
    session.expire_all()
    approve(session, registry, override, second)
    approve(session, registry, propose(session, registry, held, exclude=False, marks=marks_of(held, "0.5")), second)
    session.execute(update(SheetOverride).values(state="approved"))
    session.expire_all()
    assert "another decision counts" in check_overrides(session).problems[0]
