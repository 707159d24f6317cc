"""What may be proposed: sound marks that change something, one proposal for a sheet, decided once."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from judging.errors import Conflict, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.results.overrides.deciding import decide_override, withdraw_override
from tests.factories import NOW, make_assignment, make_entry
from tests.services.office import PRELIMINARY, Office
from tests.services.results.overrides.cases import approve, marks_of, override_leaves, person, propose, sheet_of


def test_every_fault_of_a_proposal_is_told_at_its_mark(session: Session, registry: Registry, held: Office) -> None:
    wanted = marks_of(held, "0.5")
    first, second, *_ = wanted

    with pytest.raises(Refused) as refused:
        propose(
            session, registry, held, exclude=False, reason=" ",
            marks={**wanted, first: "1000", second: "eight", "no-such": "1"},
        )  # fmt: skip
    assert {problem.where for problem in refused.value.problems} == {"reason", first, second, "no-such"}

    with pytest.raises(Refused) as refused:
        propose(session, registry, held, exclude=False, marks={first: wanted[first]})
    assert {problem.where for problem in refused.value.problems} == wanted.keys() - {first}


def test_proposal_must_change_something(session: Session, registry: Registry, held: Office) -> None:
    with pytest.raises(Refused):
        propose(session, registry, held, exclude=False, marks=marks_of(held, "0.9"))
    approve(session, registry, propose(session, registry, held), person(session, held))
    with pytest.raises(Refused):
        propose(session, registry, held)
    with pytest.raises(Refused):
        propose(session, registry, held, exclude=True, marks=marks_of(held, "0.5"))


def test_one_proposal_waits_for_a_sheet(session: Session, registry: Registry, held: Office) -> None:
    first = propose(session, registry, held)
    with pytest.raises(Conflict):
        propose(session, registry, held)

    decide_override(
        session, registry=registry, override=first, actor=person(session, held), approve=False, now=NOW
    )  # fmt: skip

    assert first.state == "rejected"
    assert propose(session, registry, held).state == "proposed"


def test_decided_proposal_is_decided_once(session: Session, registry: Registry, held: Office) -> None:
    override = propose(session, registry, held)
    second = person(session, held)
    approve(session, registry, override, second)

    with pytest.raises(Conflict):
        approve(session, registry, override, second)
    with pytest.raises(Conflict):
        withdraw_override(session, override=override, actor=held.organiser, now=NOW)
    assert len(override_leaves(session)) == 1


def test_entry_that_waits_for_sheets_is_not_decided_over(session: Session, registry: Registry, held: Office) -> None:
    sheet_of(session, held, judge=1).state = "draft"
    session.flush()

    with pytest.raises(NotAllowed):
        propose(session, registry, held)


def test_sheet_of_an_entry_that_is_out_is_not_decided_over(session: Session, registry: Registry, held: Office) -> None:
    override = propose(session, registry, held)
    held.entries[0].state = "disqualified"
    session.flush()

    with pytest.raises(Conflict):
        approve(session, registry, override, person(session, held))


def test_draft_entry_has_no_sheet_to_decide_over(session: Session, registry: Registry, held: Office) -> None:
    entry = make_entry(session, held.contest, state="in-round", round=PRELIMINARY)
    waiting = make_assignment(session, entry, held.judges[0], round_key=PRELIMINARY)

    with pytest.raises(NotAllowed):
        propose(session, registry, held, assignment=waiting)
