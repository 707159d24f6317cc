"""The documents beside a log, made from what the database holds, and kept as the exact bytes that a leaf names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import Assignment, Entry, Judge, LogDocument
from judging.domain.entry_states import EntryState
from judging.domain.ledger.bundle import ASSIGNMENT, PLUGINS, RANKING, ROSTER, RUBRIC, RULES
from judging.domain.ledger.canonical import sha256_hex
from judging.domain.ledger.documents import Assignment as Plan
from judging.domain.ledger.documents import read_rules
from judging.domain.rules import ContestRules
from judging.errors import N_, Conflict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Contest

KINDS = (RULES, RUBRIC, ROSTER, ASSIGNMENT, PLUGINS, RANKING)
"""What `log_document` holds, by the name of the file in the bundle."""

_AT_A_TIME = 2000


class RecordDiffers(Conflict):
    """The database does not hold what the score log recorded: somebody changed it beside the program."""


def keep_document(session: Session, log_id: str, name: str, content: bytes) -> str:
    """Keep a document under its SHA-256, which is returned; one that is kept already stays."""
    digest = sha256_hex(content)
    if find_document(session, log_id, name, digest) is None:
        session.add(LogDocument(log_id=log_id, name=name, sha256=digest, content=content))
        session.flush()
    return digest


def find_document(session: Session, log_id: str, name: str, digest: str) -> bytes | None:
    """The bytes of a document with that hash, or None. Raises RecordDiffers when they were changed since."""
    found = session.scalar(
        select(LogDocument.content).where(
            LogDocument.log_id == log_id, LogDocument.name == name, LogDocument.sha256 == digest
        )
    )
    return None if found is None else _whole(name, digest, bytes(found))


def kept_documents(session: Session, log_id: str, name: str) -> dict[str, bytes]:
    """All documents of one name that were ever kept, by their SHA-256. Raises RecordDiffers for a changed one."""
    query = select(LogDocument.sha256, LogDocument.content).where(
        LogDocument.log_id == log_id, LogDocument.name == name
    )
    return {digest: _whole(name, digest, bytes(content)) for digest, content in session.execute(query)}


def kept_rules(session: Session, log_id: str) -> dict[str, ContestRules]:
    """All rules that the contest was ever judged by, by their SHA-256."""
    return {digest: read_rules(content) for digest, content in kept_documents(session, log_id, RULES).items()}


def current_plan(session: Session, contest: Contest) -> Plan:
    """Who was ever to judge what, with category and division of every entry that has a judge."""
    # Read by their columns and let go at once: a large contest has tens of thousands of readings.
    query = (
        select(Assignment.round, Entry.alias, Entry.category, Entry.division, Judge.alias)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .where(Assignment.contest_id == contest.id, Entry.state != EntryState.INELIGIBLE)
        .execution_options(yield_per=_AT_A_TIME)
    )
    boards: dict[str, tuple[str, str | None]] = {}
    plan: dict[str, dict[str, set[str]]] = {}
    for round_key, entry, category, division, judge in session.execute(query):
        boards[entry] = (category, division or None)
        plan.setdefault(round_key, {}).setdefault(entry, set()).add(judge)
    return Plan(boards=boards, plan=plan)


def current_roster(session: Session, contest: Contest) -> Iterable[dict[str, str]]:
    """The contest's judges by alias."""
    query = select(Judge.alias).where(Judge.contest_id == contest.id).order_by(Judge.alias)
    return [{"judge": alias} for alias in session.scalars(query)]


def _whole(name: str, digest: str, content: bytes) -> bytes:
    if sha256_hex(content) != digest:
        raise RecordDiffers(N_("%(file)s is not the document that the score log names: it was changed."), file=name)
    return content
