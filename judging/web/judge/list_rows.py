"""The rows of a judge's list of one round: readings, and among them repeats, which look alike while it is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from judging.db.queries.judge import DeskRow, PlacedReading, desk_rows
from judging.db.queries.repeats import hiding_rounds, repeats_of_judges
from judging.services.judges.repeats.order import as_placed, in_one_order
from judging.web.reading_names import name_row
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from judging.db.models import BlindRepeat, Judge
    from judging.services.sheets.desk import DeskRound


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One line of the list; `total` is the judge's own, None before the sheet is submitted."""

    assignment_id: str
    state: str
    place: int
    code: str
    title: str
    category: str
    total: str | None
    aside: bool


def list_rows(work: DeskRound, *, judge: Judge, limit: int, offset: int) -> list[ListRow]:
    """A page of the list, in the judge's own order; always the same number of queries."""
    repeats = repeats_of_judges(db(), judge_ids=[judge.id], round_key=work.stage.key)
    hidden = (work.contest.id, work.stage.key) in hiding_rounds(db(), contest_ids=[work.contest.id])
    if not repeats:
        rows = desk_rows(db(), judge_id=judge.id, round_key=work.stage.key, limit=limit, offset=offset)
        return [_of_reading(row, work, row.place, hidden=hidden) for row in rows]
    by_id: dict[str, DeskRow | BlindRepeat] = {one.id: one for one in repeats}
    readings = desk_rows(db(), judge_id=judge.id, round_key=work.stage.key)
    by_id |= {row.assignment_id: row for row in readings}
    order = in_one_order(_placed(readings), [as_placed(one) for one in repeats])
    page = list(enumerate(order, start=1))[offset : offset + limit]
    return [_row(by_id[one.id], work, one, place, hidden=hidden) for place, one in page]


def _placed(rows: Sequence[DeskRow]) -> list[PlacedReading]:
    return [PlacedReading(row.assignment_id, row.state, row.aside, row.position) for row in rows]


def _row(
    found: DeskRow | BlindRepeat, work: DeskRound, placed: PlacedReading, place: int, *, hidden: bool
) -> ListRow:  # fmt: skip
    if isinstance(found, DeskRow):
        return _of_reading(found, work, place, hidden=hidden)
    entry = found.entry
    name = name_row(
        found.id, entry, number=entry.number, prefix=work.rules.prefix, hidden=hidden, repeat=True
    )  # fmt: skip
    return ListRow(
        assignment_id=found.id, state=found.state, place=place, code=name.code, title=name.title,
        category=entry.category, total=found.total or None, aside=placed.aside,
    )  # fmt: skip


def _of_reading(row: DeskRow, work: DeskRound, place: int, *, hidden: bool) -> ListRow:
    name = name_row(row.assignment_id, row, number=row.number, prefix=work.rules.prefix, hidden=hidden)
    return ListRow(
        assignment_id=row.assignment_id, state=row.state, place=place, code=name.code, title=name.title,
        category=row.category, total=row.total, aside=row.aside,
    )  # fmt: skip
