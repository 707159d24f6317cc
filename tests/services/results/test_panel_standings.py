"""What a panel's chair reads of the standings: the own panel's entries, scored as they are for everybody."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from judging.db.models import Conflict, PanelSeat
from judging.domain.permissions import Actor, Role
from judging.errors import NotAllowed
from judging.services.results.standings import readable_standings, round_standings
from tests.factories import NOW, even_marks, make_assignment, make_entry, make_judge, make_panel, make_sheet
from tests.services.office import PRELIMINARY, Office, hold_contest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Entry, Judge
    from judging.domain.values import Standing
    from judging.plugins import Registry

HERE, THERE = "software", "environment"


@pytest.fixture
def held(session: Session, registry: Registry) -> Office:
    """A contest in deliberation, whose judges belong to no panel of interest here."""
    return hold_contest(session, registry, phase="deliberation", entries=0)


def _scored(session: Session, held: Office, share: str, category: str, **values: Any) -> Entry:
    made = make_entry(session, held.contest, state="in-round", round=PRELIMINARY, category=category, **values)
    judged = held.rules.rounds[0]
    for judge in held.judges:
        reading = make_assignment(session, made, judge, round_key=PRELIMINARY)
        make_sheet(session, reading, judged, marks=even_marks(judged, Decimal(share)))
    return made


def _chair(session: Session, held: Office, *categories: str) -> Judge:
    panel = make_panel(session, held.contest, categories=categories)
    return make_judge(session, held.contest, panel=panel, is_chair=True)


def _read(session: Session, registry: Registry, held: Office, chair: Judge) -> tuple[Standing, ...]:
    actor = Actor(account_id=chair.account_id, roles=frozenset({Role.JUDGE, Role.CHAIR}))
    return readable_standings(session, registry=registry, contest=held.contest, round_key=PRELIMINARY, actor=actor)


def test_chair_reads_own_entries_with_the_scores_of_the_whole_and_ranks_among_each_other(
    session: Session, registry: Registry, held: Office
) -> None:
    shares = (("0.9", THERE), ("0.8", HERE), ("0.7", THERE), ("0.6", HERE))
    entries = [_scored(session, held, share, category) for share, category in shares]
    chair = _chair(session, held, HERE)

    found = _read(session, registry, held, chair)

    whole = round_standings(session, registry=registry, contest=held.contest, round_key=PRELIMINARY)
    assert len(whole) == 4
    assert [(one.entry, one.rank) for one in found] == [(entries[1].alias, 1), (entries[3].alias, 2)]
    assert {one.entry: one.score for one in found}.items() <= {one.entry: one.score for one in whole}.items()


def test_ties_with_another_panel_are_not_told(session: Session, registry: Registry, held: Office) -> None:
    own, other = _scored(session, held, "0.8", HERE), _scored(session, held, "0.8", THERE)
    chair = _chair(session, held, HERE)

    (standing,) = _read(session, registry, held, chair)

    assert (standing.entry, standing.tie, standing.shared) == (own.alias, (), False)
    both = round_standings(session, registry=registry, contest=held.contest, round_key=PRELIMINARY)
    assert any(one.shared or {tie.other_entry for tie in one.tie} & {own.alias, other.alias} for one in both)


def test_entry_that_the_chair_is_off_or_made_is_left_out(session: Session, registry: Registry, held: Office) -> None:
    chair = _chair(session, held, HERE)
    open_to = _scored(session, held, "0.5", HERE)
    _scored(session, held, "0.9", HERE, owner=chair.account)
    tied = _scored(session, held, "0.8", HERE)
    session.add(
        Conflict(
            contest_id=held.contest.id, judge_id=chair.id, entry_id=tied.id, kind="child", source="declared",
            reason="x", by_id=chair.account_id, at=NOW,
        )
    )  # fmt: skip

    assert [one.entry for one in _read(session, registry, held, chair)] == [open_to.alias]


def test_whoever_judges_without_heading_a_panel_waits(session: Session, registry: Registry, held: Office) -> None:
    _scored(session, held, "0.8", HERE)
    for role in (Role.ORGANISER, Role.AUDITOR):
        waiting = Actor(account_id=held.judges[0].account_id, roles=frozenset({Role.JUDGE, role}))
        with pytest.raises(NotAllowed):
            readable_standings(session, registry=registry, contest=held.contest, round_key=PRELIMINARY, actor=waiting)


def test_number_of_queries_grows_neither_with_panels_nor_with_entries(
    session: Session, registry: Registry, held: Office
) -> None:
    chair = _chair(session, held, HERE)
    _scored(session, held, "0.8", HERE)
    few = _count(session, registry, held, chair, told=1)
    second = make_panel(session, held.contest, categories=[THERE])
    session.add(PanelSeat(panel_id=second.id, judge_id=chair.id, is_chair=True))
    for number in range(12):
        _scored(session, held, "0.6", (HERE, THERE)[number % 2])

    assert _count(session, registry, held, chair, told=13) == few


def _count(session: Session, registry: Registry, held: Office, chair: Judge, *, told: int) -> int:
    session.flush()
    session.expire_all()
    assert held.contest.slug
    assert chair.account_id
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert len(_read(session, registry, held, chair)) == told
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(statements)
