"""A judge's own order with the blind repeats in it: for the judge's pages alone, which show them as any entry."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from judging.db.queries.api import list_assignments
from judging.db.queries.judge import UNFINISHED, PlacedReading
from judging.db.queries.repeats import listed_repeats, repeats_of_judges
from judging.services.sheets.readings import OPEN_ROUND

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import BlindRepeat
    from judging.db.queries.api import AssignedRow
    from judging.services.sheets.readings import Reading


def placed_repeats(
    session: Session, *, judge_ids: Collection[str]
) -> defaultdict[tuple[str, str], list[PlacedReading]]:  # fmt: skip
    """The repeats of these judges by judge and round, as their lists have them; one query."""
    found: defaultdict[tuple[str, str], list[PlacedReading]] = defaultdict(list)
    for one in repeats_of_judges(session, judge_ids=judge_ids):
        found[one.first.judge_id, one.first.round].append(as_placed(one))
    return found


def as_placed(repeat: BlindRepeat) -> PlacedReading:
    """A repeat as a place in the judge's order: behind the reading that it stands after."""
    is_aside = repeat.aside_at is not None and repeat.state in UNFINISHED
    return PlacedReading(repeat.id, repeat.state, is_aside, repeat.after)


def in_one_order(readings: Iterable[PlacedReading], repeats: Iterable[PlacedReading]) -> list[PlacedReading]:
    """Both together, what is set aside last."""
    # Readings come in their order already, and a stable sort keeps them before the repeat of the same place.
    return sorted([*readings, *repeats], key=lambda one: (one.aside, one.position))


def list_work(
    session: Session,
    *,
    account_id: str,
    contest: str | None,
    state: str | None,
    after: str,
    limit: int,
    after_aside: bool = False,
) -> list[AssignedRow]:
    """A part of a person's readings as `api.list_assignments` has them, the repeats among them; two queries."""
    readings = list_assignments(
        session, account_id=account_id, contest=contest, state=state, after=after, limit=limit, after_aside=after_aside
    )  # fmt: skip
    place = (after_aside, after)
    repeats = listed_repeats(session, account_id=account_id, contest=contest, state=state)
    later = [row for row in repeats if (row.aside, row.assignment.id) > place]
    return sorted([*readings, *later], key=lambda row: (row.aside, row.assignment.id))[:limit]


def first_unfinished(reading: PlacedReading | None, repeats: Sequence[PlacedReading]) -> str | None:
    """The id of what comes next, given the judge's next reading and all repeats of the round."""
    left = [one for one in repeats if one.state in UNFINISHED]
    order = in_one_order([reading] if reading is not None else [], left)
    return order[0].id if order else None


def has_open_repeat(session: Session, *, reading: Reading) -> bool:
    """Whether the judge of a reading may still write on a repeat, of whichever entry, in its round."""
    if reading.stage is None or reading.stage.state != OPEN_ROUND:
        return False
    judge_id, round_key = reading.assignment.judge_id, reading.assignment.round
    return any(one.state in UNFINISHED for one in placed_repeats(session, judge_ids=[judge_id])[judge_id, round_key])
