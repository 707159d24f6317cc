"""Decisions over sheets: of two different people, one at a time, and as the score log recorded them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import LogHead, LogLeaf, SheetOverride
from judging.domain.ledger.leaves import read_leaf
from judging.domain.lifecycle import OverrideState
from judging.errors import JudgingError
from judging.services.upkeep.checks.finding import Finding, look

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

_DECIDED = (OverrideState.APPROVED.value, OverrideState.REPLACED.value)


def check_overrides(session: Session) -> Finding:
    """Whatever was approved has its leaf, which says the same, and two different people; one a sheet counts."""
    return look("overrides", _look_at_overrides(session))


def _look_at_overrides(session: Session) -> Iterator[str | None]:
    # The newest epoch comes last, and its leaf is the one that counts.
    leaves = (
        select(LogLeaf.subject_id, LogLeaf.entry)
        .join(LogHead, LogHead.id == LogLeaf.log_id)
        .where(LogLeaf.subject_id.in_(select(SheetOverride.id)))
        .order_by(LogHead.epoch, LogLeaf.idx)
    )
    found = dict(session.execute(leaves).all())
    counting: Counter[str] = Counter()
    for one in session.scalars(select(SheetOverride).order_by(SheetOverride.at, SheetOverride.id)):
        if one.state not in _DECIDED:
            yield None
            continue
        counting[one.sheet_id] += one.state == OverrideState.APPROVED
        wrong = _wrong_with(one, found)
        if counting[one.sheet_id] > 1:
            wrong = "another decision counts for the same sheet"
        yield f"decision {one.id} over a sheet: {wrong}" if wrong else None


def _wrong_with(one: SheetOverride, leaves: Mapping[str | None, bytes | None]) -> str:
    if one.decided_by_id is None or one.decided_by_id == one.by_id:
        return "it was not approved by a second person"
    if one.id not in leaves:
        return "the score log does not have it"
    entry = leaves[one.id]
    if entry is None:  # erased
        return ""
    try:
        leaf = read_leaf(entry)
    except JudgingError as error:
        return f"its leaf cannot be read ({error})"
    said = (leaf.get("exclude", False), leaf.get("scores", {}))
    same = leaf["type"] == "override" and said == (one.exclude, {} if one.exclude else one.marks)
    return "" if same else "it is not what the score log recorded"
