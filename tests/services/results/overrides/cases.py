"""Proposing and approving a decision over a sheet, and what then counts: for all tests of such decisions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Assignment, LogLeaf, SheetOverride
from judging.domain.ledger.leaves import read_leaf
from judging.domain.permissions import Actor, Role
from judging.plugins import Registry
from judging.services.results.overrides.deciding import decide_override, propose_override
from judging.services.results.standings import load_ballots
from tests.factories import NOW, even_marks, give_role, make_account
from tests.services.office import PRELIMINARY, Office

WHY = "The judge marked another entry on this sheet."


def person(session: Session, held: Office, role: Role = Role.COMMITTEE) -> Actor:
    account = make_account(session, is_administrator=role is Role.ADMINISTRATOR)
    if role is not Role.ADMINISTRATOR:
        give_role(session, held.contest, account, role.value)
    return Actor(account_id=account.id, roles=frozenset({role}))


def sheet_of(
    session: Session, held: Office, entry: int = 0, judge: int = 0, round_key: str = PRELIMINARY
) -> Assignment:
    query = select(Assignment).where(
        Assignment.entry_id == held.entries[entry].id, Assignment.judge_id == held.judges[judge].id,
        Assignment.round == round_key,
    )  # fmt: skip
    return session.scalars(query).one()


def marks_of(held: Office, share: str, round_key: str = PRELIMINARY) -> dict[str, str]:
    judged = held.rules.find_round(round_key)
    assert judged is not None
    return {key: format(mark, "f") for key, mark in even_marks(judged, Decimal(share)).items()}


def propose(session: Session, registry: Registry, held: Office, **values: Any) -> SheetOverride:
    said: dict[str, Any] = {"actor": held.organiser, "exclude": True, "marks": {}, "reason": WHY, **values}
    said.setdefault("assignment", sheet_of(session, held) if "assignment" not in values else None)
    return propose_override(session, registry=registry, locale="en", now=NOW, **said)


def approve(session: Session, registry: Registry, override: SheetOverride, actor: Actor) -> SheetOverride:
    return decide_override(session, registry=registry, override=override, actor=actor, approve=True, now=NOW)


def override_leaves(session: Session) -> list[dict[str, Any]]:
    found = [read_leaf(entry) for entry in session.scalars(select(LogLeaf.entry).order_by(LogLeaf.idx)) if entry]
    return [dict(leaf) for leaf in found if leaf["type"] == "override"]


def counted(session: Session, held: Office, entry: int = 0) -> dict[str, dict[str, str]]:
    ballots = load_ballots(session, contest=held.contest, round_key=PRELIMINARY)
    alias = held.entries[entry].alias
    return {one.judge: {key: format(m, "f") for key, m in one.marks.items()} for one in ballots if one.entry == alias}
