"""Arranging panels."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Contest, Panel
from judging.domain.permissions import Actor, Role
from judging.errors import NotAllowed, Refused
from judging.plugins import Registry
from judging.services.judges.panels import PanelPlan, arrange_panels, list_panels, propose_panels
from tests.factories import NOW, make_contest, make_judge, make_panel

ORGANISER = Actor(account_id="o", roles=frozenset({Role.ORGANISER}))


@pytest.fixture
def contest(session: Session, registry: Registry) -> Contest:
    return make_contest(session, registry, phase="draft")


def arrange(session: Session, registry: Registry, contest: Contest, *plan: PanelPlan) -> None:
    rules = registry.rules(contest.kind)
    arrange_panels(session, contest=contest, rules=rules, actor=ORGANISER, plan=plan, now=NOW)


def shown(session: Session, contest: Contest) -> list[tuple[str, list[str]]]:
    return [(panel.name, panel.categories) for panel in list_panels(session, contest=contest)]


def test_panels_can_be_merged_renamed_and_put_in_order(session: Session, registry: Registry, contest: Contest) -> None:
    first = make_panel(session, contest, name="A", categories=["learning-aids"])
    second = make_panel(session, contest, name="B", categories=["software"])
    third = make_panel(session, contest, name="C", categories=["environment"])

    arrange(
        session, registry, contest,
        PanelPlan(id=third.id, name="A", categories=("environment", "software")),
        PanelPlan(id=first.id, name="C", categories=("learning-aids",)),
        PanelPlan(name="D"),
    )  # fmt: skip

    assert shown(session, contest) == [("A", ["environment", "software"]), ("C", ["learning-aids"]), ("D", [])]
    assert session.get(Panel, second.id) is None


def test_panel_in_which_judges_sit_is_not_removed(session: Session, registry: Registry, contest: Contest) -> None:
    panel = make_panel(session, contest, name="A")
    make_judge(session, contest, panel=panel)

    with pytest.raises(Refused) as refused:
        arrange(session, registry, contest, PanelPlan(name="B"))

    assert [one.params for one in refused.value.problems] == [{"panel": "A", "count": 1}]
    assert shown(session, contest) == [("A", [])]


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ((PanelPlan(name=" "),), "name"),
        ((PanelPlan(name="A"), PanelPlan(name=" a ")), "twice"),
        ((PanelPlan(name="A", categories=("software",)), PanelPlan(name="B", categories=("software",))), "two-panels"),
        ((PanelPlan(name="A", categories=("cooking",)),), "category"),
        ((PanelPlan(name="A", id="not-there"),), "gone"),
    ],
)
def test_arrangement_that_cannot_be_is_refused(
    session: Session, registry: Registry, contest: Contest, plan: tuple[PanelPlan, ...], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        arrange(session, registry, contest, *plan)

    assert {one.code for one in refused.value.problems} == {code}


def test_panel_of_another_contest_is_not_touched(session: Session, registry: Registry, contest: Contest) -> None:
    elsewhere = make_panel(session, make_contest(session, registry), name="Nơi khác")

    with pytest.raises(Refused):
        arrange(session, registry, contest, PanelPlan(id=elsewhere.id, name="Mình"))

    assert session.scalars(select(Panel.name)).all() == ["Nơi khác"]


def test_secretary_arranges_no_panels(session: Session, registry: Registry, contest: Contest) -> None:
    with pytest.raises(NotAllowed):
        arrange_panels(
            session, contest=contest, rules=registry.rules(contest.kind), plan=(), now=NOW,
            actor=Actor(roles=frozenset({Role.SECRETARY})),
        )  # fmt: skip


def test_proposed_panels_have_one_category_each(session: Session, contest: Contest) -> None:
    propose_panels(session, contest=contest, names=[("Tiểu ban 1", "software"), ("Tiểu ban 2", "environment")])

    assert shown(session, contest) == [("Tiểu ban 1", ["software"]), ("Tiểu ban 2", ["environment"])]
