"""Rows by the hundred, stored at once, and what one of a reading, a sheet and a standing looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from judging.db.types import new_id
from judging.domain.structure import digest
from judging.domain.totals import as_decimal_string, sheet_total
from tests.factories import NOW, even_marks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from judging.db.base import Base
    from judging.db.models import Contest
    from judging.domain.rules import Round

Rows = list[dict[str, Any]]


def add_rows(session: Session, model: type[Base], rows: Rows) -> Rows:
    """Store them in one statement; each is given an id if it has none."""
    for row in rows:
        row.setdefault("id", new_id())
    if rows:
        session.execute(insert(model), rows)
    return rows


def assignment_row(
    contest: Contest, entry: Mapping[str, Any], judge: Mapping[str, Any], **values: Any
) -> dict[str, Any]:
    return {
        "id": new_id(), "contest_id": contest.id, "round": "preliminary", "entry_id": entry["id"],
        "judge_id": judge["id"], "assigned_at": NOW, "changed_at": NOW, "state": "assigned", **values,
    }  # fmt: skip


def marked_row(judged: Round, share: Decimal) -> dict[str, Any]:
    marks = even_marks(judged, share)
    return {
        "number": 1, "marks": {key: str(mark) for key, mark in marks.items()}, "comments": {},
        "comment": "Ý tưởng rõ ràng.", "total": as_decimal_string(sheet_total(judged.rubric, marks)),
        "rubric_digest": digest(judged.rubric), "submitted_at": NOW,
    }  # fmt: skip


def standing_row(entry: Mapping[str, Any], rank: int) -> dict[str, Any]:
    return {
        "entry": entry["alias"], "rank": rank, "score": "80.000000", "sheets": 3, "left_out": 0, "criteria": {},
        "tie": [],
    }  # fmt: skip
