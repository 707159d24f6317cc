"""Naming judges, seating them and letting them go."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Account, Contest, Job, Judge, PanelSeat
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, NotFound, Refused
from judging.plugins import Registry
from judging.services.access.accounts import password_fits
from judging.services.access.invitations import Invited, is_claimed
from judging.services.judges.roster import add_judge, change_judge, find_judge, set_judge_active
from tests.factories import (
    NOW,
    PASSWORD,
    make_account,
    make_assignment,
    make_contest,
    make_entry,
    make_judge,
    make_panel,
)
from tests.letters import SETTINGS

ORGANISER = Actor(account_id="o", roles=frozenset({Role.ORGANISER}))


@pytest.fixture
def contest(session: Session, registry: Registry) -> Contest:
    return make_contest(session, registry, phase="screening")


def name_judge(session: Session, contest: Contest, **values: Any) -> tuple[Judge, Invited]:
    defaults: dict[str, Any] = {
        "settings": SETTINGS, "actor": ORGANISER, "email": "tam@example.vn", "name": "Mẫu Tám", "unit": "",
        "capacity": 40, "panels": (), "chairs": (), "locale": "vi", "now": NOW,
    }  # fmt: skip
    return add_judge(session, contest=contest, **{**defaults, **values})


def test_stranger_gets_an_account_and_a_letter_whose_link_is_stored_sealed(session: Session, contest: Contest) -> None:
    panel = make_panel(session, contest)

    judge, invited = name_judge(session, contest, panels=[panel.id])

    assert (invited.is_new, is_claimed(session, account=invited.account)) == (True, False)
    assert judge.alias.startswith("j-")
    assert [(seat.panel_id, seat.is_chair) for seat in judge.seats] == [(panel.id, False)]
    letter = session.scalars(select(Job)).one()
    assert letter.payload["to"] == "tam@example.vn"
    assert invited.link.split("=")[1] not in str(letter.payload)


def test_person_with_an_account_keeps_name_and_password(session: Session, contest: Contest) -> None:
    known = make_account(session, email="tam@example.vn", name="Mẫu Thị Tám")

    judge, invited = name_judge(session, contest, email=" TAM@example.vn", name="Ai Khác")

    assert judge.account_id == known.id
    assert not invited.is_new
    assert password_fits(known, PASSWORD)
    assert known.name == "Mẫu Thị Tám"


def test_judge_is_named_once(session: Session, contest: Contest) -> None:
    name_judge(session, contest)

    with pytest.raises(Refused) as refused:
        name_judge(session, contest)

    assert [(one.code, one.where) for one in refused.value.problems] == [("twice", "email")]


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"email": "no address"}, "email"),
        ({"name": ""}, "name"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": 1001}, "capacity"),
        ({"unit": "x" * 201}, "unit"),
        ({"panels": ["not-there"]}, "panels"),
    ],
)
def test_what_is_wrong_is_named_and_nobody_is_added(
    session: Session, contest: Contest, values: dict[str, Any], where: str
) -> None:
    with pytest.raises(Refused) as refused:
        name_judge(session, contest, **values)

    assert [one.where for one in refused.value.problems] == [where]
    assert session.scalars(select(Account)).all() == []


def test_panel_of_another_contest_is_no_seat(session: Session, registry: Registry, contest: Contest) -> None:
    elsewhere = make_panel(session, make_contest(session, registry))

    with pytest.raises(Refused):
        name_judge(session, contest, panels=[elsewhere.id])


def test_panel_has_one_chair_the_last_named(session: Session, contest: Contest) -> None:
    panel = make_panel(session, contest)
    before = make_judge(session, contest, panel=panel, is_chair=True)

    judge, _ = name_judge(session, contest, chairs=[panel.id])

    chairs = session.scalars(select(PanelSeat.judge_id).where(PanelSeat.is_chair)).all()
    assert chairs == [judge.id]
    assert len(session.scalars(select(PanelSeat).where(PanelSeat.judge_id == before.id)).all()) == 1


def test_changing_seats_keeps_those_that_stay(session: Session, contest: Contest) -> None:
    kept, left, new = make_panel(session, contest), make_panel(session, contest), make_panel(session, contest)
    judge, _ = name_judge(session, contest, panels=[kept.id, left.id])
    seat = next(seat.id for seat in judge.seats if seat.panel_id == kept.id)

    change_judge(
        session, contest=contest, judge=judge, actor=ORGANISER, unit="Trường Mẫu", capacity=10,
        panels=[kept.id, new.id], chairs=[], now=NOW,
    )  # fmt: skip

    rows = session.execute(select(PanelSeat.panel_id, PanelSeat.id).where(PanelSeat.judge_id == judge.id)).all()
    assert {row.panel_id for row in rows} == {kept.id, new.id}
    assert seat in {row.id for row in rows}
    assert (judge.unit, judge.capacity) == ("Trường Mẫu", 10)


def test_judge_with_awaited_sheets_does_not_leave(session: Session, contest: Contest) -> None:
    judge = make_judge(session, contest)
    entry = make_entry(session, contest)
    reading = make_assignment(session, entry, judge, round_key="preliminary", state="draft")

    with pytest.raises(Conflict):
        set_judge_active(session, contest=contest, judge=judge, actor=ORGANISER, active=False, now=NOW)
    reading.state = "reassigned"
    set_judge_active(session, contest=contest, judge=judge, actor=ORGANISER, active=False, now=NOW)

    assert judge.is_active is False


def test_judge_of_another_contest_is_not_found(session: Session, registry: Registry, contest: Contest) -> None:
    other = make_judge(session, make_contest(session, registry))

    with pytest.raises(NotFound):
        find_judge(session, contest=contest, judge_id=other.id)


def test_secretary_names_no_judge(session: Session, contest: Contest) -> None:
    with pytest.raises(NotAllowed):
        name_judge(session, contest, actor=Actor(roles=frozenset({Role.SECRETARY})))
