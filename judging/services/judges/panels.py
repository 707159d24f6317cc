"""Panels: which judges score which categories. A category is in one panel only; a panel may have several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.db.models import Contest, Panel, PanelSeat
from judging.domain.permissions import Actor, can_manage_people
from judging.domain.rules import ContestRules
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.services.audit import record_event

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelPlan:
    """A panel as the office wants it; without `id` it is new."""

    name: str
    categories: tuple[str, ...] = ()
    id: str | None = None


def list_panels(session: Session, *, contest: Contest) -> list[Panel]:
    """The contest's panels in their order."""
    return list(session.scalars(select(Panel).where(Panel.contest_id == contest.id).order_by(Panel.position)))


def propose_panels(session: Session, *, contest: Contest, names: Sequence[tuple[str, str]]) -> None:
    """Make one panel for each (name, category key) in a contest that has none yet."""
    for position, (name, category) in enumerate(names):
        session.add(Panel(contest_id=contest.id, position=position, name=name, categories=[category]))
    session.flush()


def arrange_panels(
    session: Session, *, contest: Contest, rules: ContestRules, actor: Actor, plan: Sequence[PanelPlan], now: datetime
) -> None:
    """Make the contest's panels as planned: rename, merge, add, put in this order, and remove those left out.

    Raises NotAllowed, and Refused for a name that lacks or stands twice, for a category that is unknown or in two
    panels, and for taking away a panel in which judges sit.
    """
    if not can_manage_people(actor):
        raise NotAllowed(N_("Only the organiser arranges the panels."))
    present = {panel.id: panel for panel in list_panels(session, contest=contest)}
    if problems := [*_check_plan(plan, rules), *_check_removed(session, present, plan)]:
        raise Refused(problems)
    kept = {wanted.id for wanted in plan}
    for panel in [panel for key, panel in present.items() if key not in kept]:
        session.delete(panel)
    # Two panels may swap their names, which the database would take for a clash halfway.
    for position, panel in enumerate(present.values()):
        if panel.id in kept:
            panel.name = f"\N{BULLET}{position}"
    session.flush()
    for position, wanted in enumerate(plan):
        panel_row = present.get(wanted.id or "")
        if panel_row is None:
            panel_row = Panel(contest_id=contest.id)
            session.add(panel_row)
        panel_row.name = " ".join(wanted.name.split())
        panel_row.position = position
        panel_row.categories = list(wanted.categories)
    session.flush()
    record_event(
        session, action="panels-arranged", subject="contest", subject_id=contest.id, contest_id=contest.id,
        actor_id=actor.account_id, now=now, details={"panels": {one.name: list(one.categories) for one in plan}},
    )  # fmt: skip


def _check_plan(plan: Sequence[PanelPlan], rules: ContestRules) -> Iterator[Problem]:
    names = Counter(" ".join(wanted.name.split()).casefold() for wanted in plan)
    for index, wanted in enumerate(plan):
        name = " ".join(wanted.name.split())
        if not name or len(name) > _LONGEST_NAME:
            message = N_("Every panel needs a name of at most %(most)s characters.")
            yield Problem(code="name", where=f"panel-{index}", message=message, params={"most": _LONGEST_NAME})
        elif names[name.casefold()] > 1:
            message = N_("Two panels are called “%(name)s”.")
            yield Problem(code="twice", where=f"panel-{index}", message=message, params={"name": name})
    labels = {category.key: category.label for category in rules.categories}
    for key, count in Counter(key for wanted in plan for key in wanted.categories).items():
        if key not in labels:
            yield Problem(code="category", message=N_("There is no category “%(key)s”."), params={"key": key})
        elif count > 1:
            message = N_("The category “%(category)s” is in two panels.")
            yield Problem(code="two-panels", message=message, params={"category": labels[key]})


def _check_removed(session: Session, present: dict[str, Panel], plan: Sequence[PanelPlan]) -> Iterator[Problem]:
    removed = present.keys() - {wanted.id for wanted in plan}
    query = select(PanelSeat.panel_id, func.count()).where(PanelSeat.panel_id.in_(removed)).group_by(PanelSeat.panel_id)
    for panel_id, count in session.execute(query):
        yield Problem(
            code="seats",
            message=N_("“%(panel)s” still has %(count)s judges: move them to another panel first."),
            params={"panel": present[panel_id].name, "count": count},
        )
    unknown = {wanted.id for wanted in plan if wanted.id} - present.keys()
    if unknown:
        yield Problem(code="gone", message=N_("A panel was removed in the meantime. Reload the page."))
