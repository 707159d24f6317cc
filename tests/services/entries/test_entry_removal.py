"""An entry taken out of a running contest leaves the standings, the judges' desks and the prizes; its owner is told."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from judging.db.models import Assignment, AuditEvent, Job, Prize, SheetVersion
from judging.domain.lifecycle import EntryState
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.entries.removal import removals_for, remove_entry
from judging.services.results.prizes import settle_prizes
from judging.services.results.publication import publish_results, withdraw_publication
from judging.services.results.standings import all_standings
from tests.factories import NOW, make_assignment
from tests.services.office import FINAL, PRELIMINARY, Office, finish_rounds, hold_contest

SHARES = ("0.9", "0.85", "0.8", "0.75", "0.5")


@pytest.fixture
def held(session: Session, registry: Registry) -> Office:
    made = hold_contest(session, registry, entries=5)
    finish_rounds(session, made, SHARES)
    return made


def _remove(session: Session, held: Office, number: int = 0, **values: object) -> None:
    arguments = {"target": EntryState.DISQUALIFIED, "reason": "Bài chép lại", "actor": held.organiser, **values}
    remove_entry(session, entry=held.entries[number], now=NOW, **arguments)  # type: ignore[arg-type]  # by name


def test_disqualified_entry_leaves_the_standings_and_the_others_move_up(
    session: Session, registry: Registry, held: Office
) -> None:
    before = all_standings(session, registry=registry, contest=held.contest)[FINAL]

    _remove(session, held)

    after = all_standings(session, registry=registry, contest=held.contest)[FINAL]
    assert [one.entry for one in after] == [one.entry for one in before[1:]]
    assert [one.rank for one in after] == [1, 2, 3, 4]
    # What the judges submitted stays stored.
    assert session.query(SheetVersion).count() == len(SHARES) * len(held.judges)


def test_unfinished_sheets_of_a_removed_entry_are_taken_back(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, entries=2)
    sheets = [make_assignment(session, entry, held.judges[0], round_key=PRELIMINARY) for entry in held.entries]

    _remove(session, held, target=EntryState.WITHDRAWN)

    session.expire_all()
    assert [session.get_one(Assignment, sheet.id).state for sheet in sheets] == ["reassigned", "assigned"]


def test_prizes_of_a_removed_entry_fall(session: Session, registry: Registry, held: Office) -> None:
    settle_prizes(session, registry=registry, contest=held.contest, actor=held.organiser, now=NOW)
    before = session.query(Prize).count()

    _remove(session, held)

    assert session.query(Prize).count() == before - 1
    assert session.query(Prize).filter_by(entry_id=held.entries[0].id).count() == 0


def test_owner_is_told_and_the_record_keeps_the_reason(session: Session, held: Office) -> None:
    _remove(session, held)

    letter = session.query(Job).one().payload
    assert letter["to"] == held.entries[0].owner.email
    assert letter["params"]["reason"] == "Bài chép lại"
    event = session.query(AuditEvent).filter_by(action="entry-disqualified").one()
    assert event.details["reason"] == "Bài chép lại"
    assert event.actor_id == held.desk.id


def test_removal_without_a_reason_is_refused(session: Session, held: Office) -> None:
    with pytest.raises(Refused) as refused:
        _remove(session, held, reason="  ")

    assert refused.value.problems[0].where == "reason"
    assert held.entries[0].state == "in-round"


def test_entry_with_published_results_waits_for_their_withdrawal(
    session: Session, registry: Registry, held: Office
) -> None:
    settle_prizes(session, registry=registry, contest=held.contest, actor=held.organiser, now=NOW)
    publish_results(session, registry=registry, contest=held.contest, decision="12/QĐ", actor=held.organiser, now=NOW)

    with pytest.raises(Conflict):
        _remove(session, held)

    withdraw_publication(session, contest=held.contest, reason="Sai", actor=held.organiser, now=NOW)
    _remove(session, held)
    assert held.entries[0].state == "disqualified"


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.ORGANISER, ["withdrawn", "disqualified"]),
        (Role.SECRETARY, ["withdrawn"]),
        (Role.COMMITTEE, ["disqualified"]),
        (Role.AUDITOR, []),
        (Role.JUDGE, []),
        (Role.CONTESTANT, []),
    ],
)
def test_ways_out_depend_on_the_role(session: Session, held: Office, role: Role, offered: list[str]) -> None:
    actor = Actor(account_id=held.desk.id, roles=frozenset({role}))

    assert [state.value for state in removals_for(held.entries[0], actor)] == offered
    if not offered:
        with pytest.raises(NotAllowed):
            _remove(session, held, actor=actor)


def test_entry_is_not_removed_twice(session: Session, held: Office) -> None:
    _remove(session, held)

    with pytest.raises(Conflict):
        _remove(session, held)
