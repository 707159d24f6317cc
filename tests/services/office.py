"""A contest in the midst of its life, for the tests of the office: entries, judges, sheets."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from judging.db.models import ContestRound
from judging.domain.permissions import Actor, Role
from judging.services.contests.editions import contest_rules
from tests.factories import (
    even_marks,
    give_role,
    make_account,
    make_assignment,
    make_contest,
    make_entry,
    make_judge,
    make_panel,
    make_sheet,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Account, Contest, Entry, Judge, Panel
    from judging.domain.rules import ContestRules
    from judging.plugins import Registry

PRELIMINARY, FINAL = "preliminary", "final"


@dataclass(slots=True)
class Office:
    """What `hold_contest` made. `organiser` acts, `desk` is the organiser's account."""

    contest: Contest
    rules: ContestRules
    desk: Account
    organiser: Actor
    entries: list[Entry] = field(default_factory=list)
    judges: list[Judge] = field(default_factory=list)
    panel: Panel | None = None


def hold_contest(
    session: Session,
    registry: Registry,
    *,
    phase: str = "judging",
    entries: int = 3,
    judges: int = 3,
    state: str = "in-round",
    shares: Sequence[str] = (),
    round_key: str = PRELIMINARY,
) -> Office:
    """A youth contest; with `shares` every judge has submitted a sheet with that share of the marks for the entries."""
    contest = make_contest(session, registry, phase=phase)
    desk = make_account(session)
    give_role(session, contest, desk, "organiser")
    rules = contest_rules(registry, contest)
    held = Office(
        contest=contest,
        rules=rules,
        desk=desk,
        organiser=Actor(account_id=desk.id, roles=frozenset({Role.ORGANISER})),
        panel=make_panel(session, contest, categories=[one.key for one in rules.categories]),
    )
    in_round = round_key if state == "in-round" else None
    held.entries = [
        make_entry(session, contest, state=state, round=in_round, number=number + 1, title=f"Sản phẩm {number + 1}")
        for number in range(entries)
    ]
    held.judges = [make_judge(session, contest, panel=held.panel) for _ in range(judges)]
    for entry, share in zip(held.entries, shares, strict=False):
        score_entry(session, held, entry, [share] * len(held.judges), round_key=round_key)
    return held


def score_entry(
    session: Session, held: Office, entry: Entry, shares: Sequence[str], *, round_key: str = PRELIMINARY
) -> None:
    """Let one judge after another submit a sheet with that share of the marks."""
    judged = held.rules.find_round(round_key)
    assert judged is not None
    for judge, share in zip(held.judges, shares, strict=False):
        assignment = make_assignment(session, entry, judge, round_key=round_key)
        make_sheet(session, assignment, judged, marks=even_marks(judged, Decimal(share)))


def set_round(session: Session, held: Office, round_key: str, state: str) -> ContestRound:
    """Put a round into a state."""
    row = session.query(ContestRound).filter_by(contest_id=held.contest.id, key=round_key).one()
    row.state = state
    session.flush()
    return row


def finish_rounds(session: Session, held: Office, shares: Sequence[str]) -> None:
    """Score every entry in the final and close it, the preliminary round having ended."""
    set_round(session, held, PRELIMINARY, "advanced")
    set_round(session, held, FINAL, "closed")
    for entry, share in zip(held.entries, shares, strict=True):
        entry.round = FINAL
        score_entry(session, held, entry, [share] * len(held.judges), round_key=FINAL)
    session.flush()
