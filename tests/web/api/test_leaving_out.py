"""What hangs on each judge, for programs of organiser and auditor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import give_role, make_account
from tests.services.office import PRELIMINARY, set_round
from tests.services.results.test_leaving_out import closed_round

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.db.session import Database
    from judging.plugins import Registry
    from tests.services.office import Office
    from tests.web.api.programs import Program


@pytest.fixture
def held(database: Database, registry: Registry) -> Office:
    with database.writing() as session:
        return closed_round(session, registry, entries=7)


@pytest.mark.parametrize("place", ["leave-one-out", f"rounds/{PRELIMINARY}/leave-one-out"])
def test_organiser_reads_all_judges_or_one_in_full(acting: Callable[..., Program], held: Office, place: str) -> None:
    program, address = acting(held.desk), f"/contests/{held.contest.slug}/{place}"
    last = held.judges[-1].alias

    told = program.get(address).json
    one = program.get(f"{address}?judge={last}").json

    assert told is not None
    assert one is not None
    assert (told["rounds"], told["prizes_compared"]) == ([PRELIMINARY], False)
    assert {judge["judge"] for judge in told["judges"]} == {judge.alias for judge in held.judges}
    assert told["judges"][0]["judge"] == last
    assert next(sheet["judge"] for sheet in told["sheets"]) == last
    [full] = one["judges"]
    assert len(full["ranks"]) == full["moved"] > len(told["judges"][0]["ranks"])
    assert one["sheets"] is None
    assert program.get(f"{address}?judge=nobody").status_code == 404
    assert program.get(f"{address}?judges=x").status_code == 400


def test_others_are_told_that_nothing_is_there(
    acting: Callable[..., Program], database: Database, held: Office
) -> None:
    address = f"/contests/{held.contest.slug}/leave-one-out"
    for role in ("secretary", "committee"):
        with database.writing() as session:
            person = make_account(session)
            give_role(session, held.contest, person, role)
        assert acting(person).get(address).status_code == 404


def test_round_that_is_open_is_a_conflict(acting: Callable[..., Program], database: Database, held: Office) -> None:
    with database.writing() as session:
        set_round(session, held, PRELIMINARY, "open")
    program = acting(held.desk)

    for place in ("leave-one-out", f"rounds/{PRELIMINARY}/leave-one-out"):
        answer = program.get(f"/contests/{held.contest.slug}/{place}")
        assert answer.status_code == 409
        assert held.judges[0].alias not in answer.text
