"""Plans and repairs for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from judging.db.models import Assignment
from tests.factories import give_role, make_account, make_assignment, make_entry, make_judge, make_sheet
from tests.services.office import PRELIMINARY, Office, hold_contest, set_round

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.db.session import Database
    from judging.plugins import Registry
    from tests.web.api.programs import Program

    Acting = Callable[..., Program]


@pytest.fixture
def held(database: Database, registry: Registry) -> Office:
    with database.writing() as session:
        made = hold_contest(session, registry, entries=4, judges=4, state="eligible")
        set_round(session, made, PRELIMINARY, "pending")
    return made


def _path(held: Office) -> str:
    return f"/contests/{held.contest.slug}/rounds/{PRELIMINARY}/assignments"


def test_plan_tells_whether_judges_can_be_compared(acting: Acting, held: Office) -> None:
    plan = acting(held.desk).get(_path(held)).get_json()

    assert (len(plan["pairs"]), plan["linked"], plan["advice"], plan["suggestions"]) == (12, True, [], [])
    assert [len(part) for parts in plan["parts"].values() for part in parts] == [4]


def test_judge_who_drops_out_is_replaced_by_a_program(acting: Acting, database: Database, held: Office) -> None:
    desk = acting(held.desk)
    desk.post(_path(held), {})
    with database.writing() as session:
        make_judge(session, held.contest, panel=held.panel)
    gone = held.judges[0].alias

    shown = desk.get(f"{_path(held)}?leaving={gone}").get_json()
    refused = desk.post(_path(held), {"leaving": gone, "seal": shown["seal"]})
    made = desk.post(_path(held), {"leaving": gone, "seal": shown["seal"], "reason": "Ill"})

    assert ({one["judge"] for one in shown["lost"]}, shown["removed"]) == ({gone}, [])
    assert refused.status_code == 422
    assert (made.status_code, made.get_json()) == (201, {"made": 3, "unfilled": []})
    with database.reading() as session:
        assert session.query(Assignment).filter_by(state="assigned").count() == 12


def test_late_judge_gets_a_share_and_an_unknown_one_is_not_found(
    acting: Acting, database: Database, held: Office
) -> None:
    desk = acting(held.desk)
    desk.post(_path(held), {})
    with database.writing() as session:
        make_judge(session, held.contest, panel=held.panel)

    shown = desk.get(f"{_path(held)}?repair=true").get_json()

    assert len(shown["removed"]) == len(shown["pairs"]) == 2
    assert desk.post(_path(held), {"repair": True, "seal": shown["seal"]}).get_json()["made"] == 2
    assert desk.get(f"{_path(held)}?leaving=j-nobody").status_code == 404


@pytest.mark.parametrize("joined", [True, False])
def test_standings_tell_the_office_of_judges_who_cannot_be_compared(
    acting: Acting, database: Database, registry: Registry, joined: bool
) -> None:
    with database.writing() as session:
        held = hold_contest(session, registry, entries=2, judges=1)
        other = make_judge(session, held.contest, panel=held.panel)
        judged = held.rules.find_round(PRELIMINARY)
        assert judged is not None
        for entry, judge in zip(held.entries, (held.judges[0], other), strict=True):
            make_sheet(session, make_assignment(session, entry, judge, round_key=PRELIMINARY), judged)
        if joined:
            joint = make_entry(session, held.contest, state="in-round", round=PRELIMINARY, number=3)
            for judge in (held.judges[0], other):
                make_sheet(session, make_assignment(session, joint, judge, round_key=PRELIMINARY), judged)
        auditor = make_account(session)
        give_role(session, held.contest, auditor, "auditor")

    problems = (
        acting(auditor).get(f"/contests/{held.contest.slug}/rounds/{PRELIMINARY}/standings").get_json()["problems"]
    )

    assert [one["code"] for one in problems] == ([] if joined else ["judges-apart"])
