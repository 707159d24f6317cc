"""A judge's list by program: what is set aside comes last, and nothing before the ties to schools are declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from judging.db.models import Judge, SheetAside, UnitsAnswer
from tests.factories import NOW, make_assignment, make_entry
from tests.services.sheets.cases import Case, make_case
from tests.web.api.programs import Program, done, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.services.platform import Platform

    Acting = Callable[..., Program]


@pytest.fixture
def case(platform: Platform) -> Case:
    with platform.database.writing() as session:
        made = make_case(session, platform.registry)
        for position in range(2, 6):
            entry = make_entry(session, made.contest, title=f"Sản phẩm {position}")
            make_assignment(session, entry, made.judge, round_key="preliminary", position=position)
        assert made.account.email
        return made


@pytest.fixture
def judge(acting: Acting, case: Case) -> Program:
    return acting(case.account, "judge")


def _listed(judge: Program, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    following = ""
    while True:
        part = done(judge.get(path + following))
        found += part["items"]
        if part["next"] is None:
            return found
        following = f"&cursor={part['next']}"


def test_entries_set_aside_come_last_however_long_the_parts_are(judge: Program, platform: Platform, case: Case) -> None:
    usual = [one["id"] for one in _listed(judge, "/me/assignments?limit=50")]
    waiting = [usual[0], usual[2]]
    with platform.database.writing() as session:
        session.add_all(
            SheetAside(assignment_id=one, kind="model-missing", words="", sheet_version=0, at=NOW) for one in waiting
        )
    expected = [one for one in usual if one not in waiting] + waiting

    for limit in range(1, 7):
        listed = _listed(judge, f"/me/assignments?contest={case.contest.slug}&limit={limit}")
        assert [one["id"] for one in listed] == expected
        assert [one["aside"] for one in listed] == [False] * 3 + [True] * 2


def test_strange_cursor_is_refused(judge: Program) -> None:
    for cursor in ("bGFzdDo", "bGFzdDpsYXN0Og", "x"):
        assert judge.get(f"/me/assignments?cursor={cursor}").status_code == 422


def test_nothing_is_told_of_entries_before_the_ties_to_schools(judge: Program, platform: Platform, case: Case) -> None:
    with platform.database.writing() as session:
        session.get_one(Judge, case.judge.id).conflicts_declared_at = None
        session.delete(session.get_one(UnitsAnswer, case.judge.id))
    base, sheet = f"/contests/{case.contest.slug}/conflicts", f"/assignments/{case.assignment.id}/sheet"

    before = done(judge.get("/me/assignments"))
    refused = [judge.get(base), judge.post(base, {"answers": {case.assignment.id: "none"}}), judge.get(sheet)]

    assert before == {"items": [], "next": None, "declare_units": [case.contest.slug]}
    assert {one.status_code for one in refused} == {409}
    assert "conflicts/units" in said(refused[0])["detail"]
    assert not any("Sản phẩm" in one.text or case.entry.title in one.text for one in refused)
    done(judge.post(f"{base}/units", {"units": []}))
    listed = done(judge.get("/me/assignments"))
    assert (len(listed["items"]), listed["declare_units"]) == (5, [])
    assert {one["must_declare"] for one in listed["items"]} == {True}
    answers = {one["assignment"]: "none" for one in done(judge.get(base))["items"]}
    assert done(judge.post(base, {"answers": answers})) == {"recused": 0}
    assert judge.get(sheet).status_code == 200


def test_judge_who_declared_before_units_were_asked_keeps_what_they_saw(
    judge: Program, platform: Platform, case: Case
) -> None:
    with platform.database.writing() as session:
        session.delete(session.get_one(UnitsAnswer, case.judge.id))

    listed = done(judge.get("/me/assignments"))

    assert (len(listed["items"]), listed["declare_units"]) == (5, [])
