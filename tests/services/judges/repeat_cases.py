"""A judge with entries enough for a blind repeat: what the tests of repeats begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from judging.db.models import BlindRepeat
from judging.services.judges.repeats.giving import set_repeats
from judging.services.judges.repeats.sheets import save_repeat, submit_repeat
from tests.factories import NOW, make_assignment, make_entry
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, make_case, office

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Assignment
    from judging.plugins import Registry
    from judging.services.judges.repeats.sheets import SavedRepeat
    from tests.services.sheets.cases import Case

ROUND = "preliminary"
ENTRIES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A judge's desk with one repeat on it: `first` is the reading of the entry that is shown again."""

    case: Case
    readings: list[Assignment]
    repeat: BlindRepeat

    @property
    def first(self) -> Assignment:
        return self.repeat.first


def make_desk(
    session: Session, registry: Registry, *, entries: int = ENTRIES, **contest: Any
) -> tuple[Case, list[Assignment]]:
    """A judge with so many entries, none begun."""
    case = make_case(session, registry, **contest)
    more = [
        make_assignment(session, make_entry(session, case.contest), case.judge, round_key=ROUND, position=place)
        for place in range(2, entries + 1)
    ]
    return case, [case.assignment, *more]


def set_number(session: Session, registry: Registry, case: Case, per_judge: int, **changes: Any) -> int:
    """Set the repeats of the round as an organiser; returns how many were given."""
    values = {"round_key": ROUND, "actor": office(session, case), "now": NOW, **changes}
    return set_repeats(session, registry=registry, contest=case.contest, per_judge=per_judge, **values)


def show_again(session: Session, registry: Registry, *, entries: int = ENTRIES) -> Shown:
    """The desk once its one repeat is given."""
    case, readings = make_desk(session, registry, entries=entries)
    assert set_number(session, registry, case, 1) == 1
    return Shown(case=case, readings=readings, repeat=session.scalars(select(BlindRepeat)).one())


def save(session: Session, registry: Registry, shown: Shown, **changes: Any) -> SavedRepeat:
    """Save a whole sheet on the repeat, as its judge."""
    values: dict[str, Any] = {
        "repeat": shown.repeat, "actor": shown.case.actor, "marks": WHOLE, "bands": {}, "comments": COMMENTS,
        "comment": COMMENT, "locale": "en", "now": NOW, **changes,
    }  # fmt: skip
    return save_repeat(session, registry=registry, **values)


def submit(session: Session, registry: Registry, shown: Shown, **changes: Any) -> None:
    """Submit what was saved."""
    values: dict[str, Any] = {"repeat": shown.repeat, "actor": shown.case.actor, "now": NOW, **changes}
    submit_repeat(session, registry=registry, **values)


def count(session: Session) -> int:
    """How many repeats there are."""
    return session.scalar(select(func.count()).select_from(BlindRepeat)) or 0
