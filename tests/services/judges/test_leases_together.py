"""Judges who ask for the next booth at the same moment are led to different ones, on either database."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import BoothLease, Contest, Judge, LeaseRound
from judging.domain.permissions import Actor, Role
from judging.services.judges.leases.taking import AllTaken, take_next
from tests import factories
from tests.factories import NOW
from tests.services.sheets.cases import add_colleague, make_case

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.plugins import Registry
    from tests.services.sheets.cases import Case

ROUND = "preliminary"
WAIT = 20
JUDGES = 4


@pytest.fixture
def cases(database: Database, registry: Registry) -> list[Case]:
    with database.writing() as session:
        first = make_case(session, registry)
        session.add(LeaseRound(contest_id=first.contest.id, round=ROUND, minutes=15))
        return [first, *(add_colleague(session, first) for _ in range(JUDGES - 1))]


def ask(database: Database, registry: Registry, case: Case, start: threading.Barrier) -> str:
    """Which entry the judge is led to, or that everything is taken."""
    start.wait(WAIT)

    def work(session: Session) -> str:
        found = take_next(
            session, registry=registry, contest=session.get_one(Contest, case.contest.id), round_key=ROUND,
            judge=session.get_one(Judge, case.judge.id), now=NOW,
            actor=Actor(account_id=case.judge.account_id, roles=frozenset({Role.JUDGE})),
        )  # fmt: skip
        return found.entry_id

    try:
        return database.run(work)
    except AllTaken:
        return ""


def ask_at_once(database: Database, registry: Registry, cases: list[Case]) -> list[str]:
    start, found = threading.Barrier(len(cases)), [""] * len(cases)

    def run(place: int) -> None:
        found[place] = ask(database, registry, cases[place], start)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(cases))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(WAIT)
    return found


def test_one_booth_asked_for_by_all_at_once_goes_to_exactly_one(
    database: Database, registry: Registry, cases: list[Case]
) -> None:
    found = ask_at_once(database, registry, cases)

    assert sorted(found) == ["", "", "", cases[0].entry.id]
    with database.reading() as session:
        assert len(session.scalars(select(BoothLease)).all()) == 1


def test_as_many_booths_as_judges_are_given_out_without_two_at_one(
    database: Database, registry: Registry, cases: list[Case]
) -> None:
    with database.writing() as session:
        for position in range(2, JUDGES + 1):
            entry = factories.make_entry(session, session.get_one(Contest, cases[0].contest.id))
            for one in cases:
                factories.make_assignment(
                    session, entry, session.get_one(Judge, one.judge.id), round_key=ROUND, position=position
                )  # fmt: skip

    found = ask_at_once(database, registry, cases)

    assert len(set(found)) == JUDGES
    # Each asks once more, at once again: the booths stay theirs.
    assert ask_at_once(database, registry, cases) == found


def test_one_judge_on_two_devices_gets_one_booth(database: Database, registry: Registry, cases: list[Case]) -> None:
    found = ask_at_once(database, registry, [cases[0], cases[0]])

    assert found == [cases[0].entry.id] * 2
    with database.reading() as session:
        assert len(session.scalars(select(BoothLease)).all()) == 1
