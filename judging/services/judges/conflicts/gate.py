"""The one place that says whether a conflict of interest keeps a judge from an entry.

Three forms: for one pair (`is_barred`, `check_pair`), for a plan (`barred_pairs`), and for the queries of lists and
files the condition `bars` of `db.queries.conflict_gate`. Pages, downloads, programs and exports ask one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.queries.conflict_gate import bars, standing_pairs
from judging.errors import N_, NotAllowed
from judging.services.judges.conflicts.finding import find_leads, hints_of, is_set_aside, rows_between

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from judging.db.models import Contest, Entry, Judge

__all__ = ["barred_pairs", "bars", "check_pair", "is_barred"]


def is_barred(session: Session, *, judge_id: str, entry_id: str) -> bool:
    """Whether a conflict that nobody lifted keeps the judge from the entry now."""
    return bool(session.scalar(select(bars(judge_id, entry_id))))


def check_pair(session: Session, *, judge_id: str, entry_id: str) -> None:
    """Refuse a judge whom a conflict keeps from the entry, without a word on which one. Raises NotAllowed."""
    if is_barred(session, judge_id=judge_id, entry_id=entry_id):
        raise NotAllowed(N_("A conflict of interest keeps you from this entry. Nothing was recorded."))


def barred_pairs(
    session: Session, *, contest: Contest, entries: Collection[Entry], judges: Collection[Judge]
) -> set[tuple[str, str]]:
    """The pairs of these judges and entries, by alias, that no plan may make: known ones and what the data show now.

    What two persons forced once is barred here too: a plan never makes such a pair by itself. Always the same number of
    queries.
    """
    judge_aliases = {judge.id: judge.alias for judge in judges}
    entry_aliases = {entry.id: entry.alias for entry in entries}
    wanted_judges, wanted_entries = set(judge_aliases.values()), set(entry_aliases.values())
    found = {
        (judge, entry)
        for judge, entry in session.execute(standing_pairs(contest.id))
        if judge in wanted_judges and entry in wanted_entries
    }
    by_account = {judge.account_id: judge.alias for judge in judges}
    found |= {(by_account[one.owner_id], one.alias) for one in entries if one.owner_id in by_account}
    leads = find_leads(session, contest_id=contest.id, judges=judges, entries=entries)
    rows, hints = rows_between(session, judges=judges, entries=entries), hints_of(session, contest.id)
    for key, lead in leads.items():
        row = rows.get(key)
        hinted = lead.statement_id is None and key[2] in hints
        if not hinted and not (row is not None and is_set_aside(row, lead)):
            found.add((judge_aliases[key[0]], entry_aliases[key[1]]))
    return found
