"""Decisions over sheets for programs: proposed by one, decided by another, listed for the office."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from judging.db.models import Account, Assignment, Contest, SheetOverride
from tests.factories import even_marks, give_role, make_account
from tests.services.office import PRELIMINARY, Office, hold_contest

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.db.session import Database
    from judging.plugins import Registry
    from tests.web.api.programs import Program

    Acting = Callable[..., Program]

WHY = "The judge marked another entry on this sheet."


@pytest.fixture
def held(database: Database, registry: Registry) -> Office:
    with database.writing() as session:
        return hold_contest(session, registry, entries=2, shares=("0.8", "0.7"))


@pytest.fixture
def committee(database: Database, held: Office) -> Account:
    with database.writing() as session:
        account = make_account(session)
        give_role(session, session.get_one(Contest, held.contest.id), account, "committee")
    return account


@pytest.fixture
def sheet(database: Database, held: Office) -> str:
    with database.reading() as session:
        query = select(Assignment.id).where(
            Assignment.entry_id == held.entries[0].id, Assignment.judge_id == held.judges[0].id
        )
        return session.scalars(query).one()


def marks(held: Office, share: str) -> dict[str, str]:
    judged = held.rules.find_round(PRELIMINARY)
    assert judged is not None
    return {key: format(mark, "f") for key, mark in even_marks(judged, Decimal(share)).items()}


def test_proposal_is_made_once_decided_by_another_and_listed(
    acting: Acting, held: Office, committee: Account, sheet: str
) -> None:
    desk, second = acting(held.desk), acting(committee)
    body = {"marks": marks(held, "0.5"), "reason": WHY}
    made = desk.post(f"/assignments/{sheet}/override", body, Idempotency_Key='"one"')
    again = desk.post(f"/assignments/{sheet}/override", body, Idempotency_Key='"one"')
    assert (made.status_code, again.status_code, again.json) == (201, 201, made.json)
    assert made.json is not None
    one: dict[str, Any] = made.json
    assert (one["state"], one["judge"], one["entry"]) == ("proposed", held.judges[0].alias, held.entries[0].alias)
    assert desk.post(f"/assignments/{sheet}/override", body).status_code == 409
    assert desk.post(f"/overrides/{one['id']}/decision", {"verdict": "approve"}).status_code == 403

    decided = second.post(f"/overrides/{one['id']}/decision", {"verdict": "approve"})

    assert (decided.status_code, decided.json and decided.json["state"]) == (200, "approved")
    listed = desk.get(f"/contests/{held.contest.slug}/overrides").json
    assert listed is not None
    assert [(item["id"], item["state"]) for item in listed["items"]] == [(one["id"], "approved")]
    assert second.post(f"/overrides/{one['id']}/decision", {"verdict": "reject"}).status_code == 409


def test_faults_of_a_proposal_stand_at_their_places(acting: Acting, held: Office, sheet: str) -> None:
    wanted = marks(held, "0.5")
    first, *_ = wanted

    answer = acting(held.desk).post(
        f"/assignments/{sheet}/override", {"marks": {**wanted, first: "999"}, "reason": ""}
    )  # fmt: skip

    assert answer.status_code == 422
    assert answer.json is not None
    assert {one["pointer"] for one in answer.json["errors"]} == {"#/reason", f"#/marks/{first}"}


def test_list_goes_on_where_it_ended(acting: Acting, held: Office, sheet: str) -> None:
    desk = acting(held.desk)
    for _ in range(3):
        made = desk.post(f"/assignments/{sheet}/override", {"exclude": True, "reason": WHY}).json
        assert made is not None
        assert desk.post(f"/overrides/{made['id']}/decision", {"verdict": "withdraw"}).status_code == 200

    address = f"/contests/{held.contest.slug}/overrides?limit=2"
    first = desk.get(address).json
    assert first is not None
    rest = desk.get(f"{address}&cursor={first['next']}").json

    assert rest is not None
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    assert len({one["id"] for one in first["items"] + rest["items"]}) == 3


def test_those_whom_it_concerns_find_nothing(acting: Acting, database: Database, held: Office, sheet: str) -> None:
    made = acting(held.desk).post(f"/assignments/{sheet}/override", {"exclude": True, "reason": WHY}).json
    assert made is not None
    with database.reading() as session:
        judge = session.get_one(Account, held.judges[0].account_id)
        contestant = session.get_one(Account, held.entries[0].owner_id)

    for account in (judge, contestant):
        program = acting(account)
        assert program.get(f"/contests/{held.contest.slug}/overrides").status_code == 404
        assert program.post(f"/overrides/{made['id']}/decision", {"verdict": "approve"}).status_code == 404
        body = {"exclude": True, "reason": WHY}
        assert program.post(f"/assignments/{sheet}/override", body).status_code == 404
    with database.reading() as session:
        assert session.scalars(select(SheetOverride.state)).all() == ["proposed"]


def test_reading_token_proposes_nothing(acting: Acting, held: Office, sheet: str) -> None:
    answer = acting(held.desk, "read").post(f"/assignments/{sheet}/override", {"exclude": True, "reason": WHY})

    assert answer.status_code == 403
