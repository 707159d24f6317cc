"""The one condition that says whether a conflict of interest keeps a judge from an entry.

Every query that leads a judge to an entry has it; services ask `services.judges.conflicts.gate`. No other module reads
the table of conflicts, which a test keeps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, select

from judging.db.models import Assignment, Conflict, Entry, Judge

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Exists, Select
    from sqlalchemy.orm import InstrumentedAttribute

    _Id = ColumnElement[str] | InstrumentedAttribute[str] | str

_CONFLICT = Conflict.__table__


def bars(judge_id: _Id, entry_id: _Id) -> Exists:
    """Whether a conflict keeps the judge from the entry now: one that stands and that two persons did not lift."""
    return exists().where(
        _CONFLICT.c.judge_id == judge_id, _CONFLICT.c.entry_id == entry_id, _stands(), _CONFLICT.c.forced_id.is_(None)
    )


def bars_account(account_id: str | None) -> Exists:
    """`bars` for whichever judge of the entry's contest the account is, correlated to Entry."""
    return exists().where(
        _CONFLICT.c.entry_id == Entry.id, _CONFLICT.c.judge_id == Judge.id, Judge.contest_id == Entry.contest_id,
        Judge.account_id == account_id, _stands(), _CONFLICT.c.forced_id.is_(None),
    )  # fmt: skip


def standing_pairs(contest_id: str) -> Select[str, str]:
    """The aliases of judge and entry of every pair that a plan may not make, those that were forced once included."""
    return (
        select(Judge.alias, Entry.alias)
        .select_from(
            _CONFLICT.join(Judge, Judge.id == _CONFLICT.c.judge_id).join(Entry, Entry.id == _CONFLICT.c.entry_id)
        )
        .where(_CONFLICT.c.contest_id == contest_id, _stands())
        .distinct()
    )


def clashing() -> ColumnElement[bool]:
    """Whether the judge of a reading may not know its entry, correlated to Assignment."""
    return bars(Assignment.judge_id, Assignment.entry_id)


def _stands() -> ColumnElement[bool]:
    return and_(_CONFLICT.c.withdrawn_at.is_(None), _CONFLICT.c.bars)
