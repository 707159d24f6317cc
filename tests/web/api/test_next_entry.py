"""A judge's program asks where to go next: one booth, the same one again, or when the first is free."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from judging.db.models import Booth, LeaseRound
from tests.services.sheets.cases import Case, add_colleague, make_case
from tests.web.api.programs import Program, done, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.services.platform import Platform

    Acting = Callable[..., Program]

ROUND = "preliminary"


@pytest.fixture
def cases(platform: Platform) -> tuple[Case, Case]:
    """Two judges of one entry, in a round that leads them."""
    with platform.database.writing() as session:
        first = make_case(session, platform.registry)
        second = add_colleague(session, first)
        session.add(LeaseRound(contest_id=first.contest.id, round=ROUND, minutes=15))
        session.add(Booth(entry_id=first.entry.id, round=ROUND, name="Gian 14"))
        assert first.account.email
        assert second.account.email
        return first, second


@pytest.fixture
def address(cases: tuple[Case, Case]) -> str:
    return f"/contests/{cases[0].contest.slug}/rounds/{ROUND}/next"


def test_program_is_led_to_one_booth_however_often_it_asks(
    acting: Acting, cases: tuple[Case, Case], address: str
) -> None:
    case, judge = cases[0], acting(cases[0].account, "judge")

    first = done(judge.post(address))

    assert (first["assignment"], first["entry"], first["booth"], first["minutes"]) == (
        case.assignment.id, case.entry.id, "Gian 14", 15,
    )  # fmt: skip
    again = done(judge.post(address))
    assert (again["assignment"], again["until"]) == (first["assignment"], first["until"])


def test_other_judge_hears_when_the_booth_is_free_and_gets_it_once_it_is(
    acting: Acting, cases: tuple[Case, Case], address: str
) -> None:
    first, second = (acting(case.account, "judge") for case in cases)
    until = done(first.post(address))["until"]

    refused = second.post(address)
    assert refused.status_code == 409
    told = said(refused)
    assert datetime.fromisoformat(told["free_at"]) == datetime.fromisoformat(until)
    assert told["minutes"] == 15
    assert cases[0].judge.alias not in refused.text

    free = f"/assignments/{cases[0].assignment.id}/give-free"
    assert second.post(free).status_code == 404
    assert [done(first.post(free))["freed"] for _ in range(2)] == [True, False]
    assert done(second.post(address))["assignment"] == cases[1].assignment.id


def test_nothing_to_be_led_to_is_a_conflict_without_a_time(
    acting: Acting, platform: Platform, cases: tuple[Case, Case], address: str
) -> None:
    judge = acting(cases[0].account, "judge")
    with platform.database.writing() as session:
        session.query(LeaseRound).delete()

    refused = judge.post(address)

    assert refused.status_code == 409
    assert "free_at" not in said(refused)
    assert judge.post(address.replace(ROUND, "no-such-round")).status_code == 404
    assert acting(cases[0].account, "read").post(address).status_code == 403
