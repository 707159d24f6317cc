"""What a judge's pages call an entry: by number and title, or by a code alone while repeats are to stay unnoticed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from judging.db.queries.repeats import hiding_rounds, is_met_by_code
from judging.domain.repeats import reading_code
from judging.services.judges.repeats.reading import RepeatReading
from judging.web.formats import entry_code, shown_title
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from judging.db.models import Account, Entry
    from judging.db.queries.judge import DeskRow
    from judging.db.queries.warm_up import FirstSheet
    from judging.domain.rules import ContestRules
    from judging.services.sheets.readings import Reading
    from judging.web.formats import Titled


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingName:
    """The code and the title of an entry as its judge meets them. `hidden`: the title is withheld in this round."""

    code: str
    title: str
    hidden: bool


def name_of(reading: Reading | RepeatReading) -> ReadingName:
    """The names on the pages of one reading."""
    entry = reading.assignment.entry
    return name_row(
        reading.assignment.id, entry, number=entry.number, prefix=reading.rules.prefix, hidden=reading.hides_names,
        repeat=isinstance(reading, RepeatReading),
    )  # fmt: skip


def name_rows(
    rows: Iterable[FirstSheet | DeskRow], *, rules: ContestRules, contest_id: str, round_key: str
) -> dict[str, ReadingName]:  # fmt: skip
    """The names of readings in a list of one round, by their ids."""
    hidden = (contest_id, round_key) in hiding_rounds(db(), contest_ids=[contest_id])
    return {
        row.assignment_id: name_row(
            row.assignment_id, row, number=row.number, prefix=rules.prefix, hidden=hidden
        )
        for row in rows
    }  # fmt: skip


def rounds_with_codes(contest_ids: Collection[str]) -> frozenset[tuple[str, str]]:
    """The rounds (contest, key) of these contests in which entries go by codes now; one query."""
    return hiding_rounds(db(), contest_ids=contest_ids)


def goes_by_code(entry: Entry, judge: Account) -> bool:
    """Whether the person meets the entry as its judge, and only in rounds in which it goes by a code; one query."""
    return is_met_by_code(db(), entry_id=entry.id, account_id=judge.id)


def name_row(
    reading_id: str, entry: Titled, *, number: int, prefix: str, hidden: bool, repeat: bool = False
) -> ReadingName:  # fmt: skip
    """The names of a reading in a list. Once its round is over, a `repeat` is called one."""
    if hidden:
        code = reading_code(reading_id)
        return ReadingName(code=code, title=_("Entry %(code)s", code=code), hidden=True)
    if repeat:
        title = _("%(title)s (shown a second time)", title=shown_title(entry))
        return ReadingName(code=reading_code(reading_id), title=title, hidden=False)
    return ReadingName(code=entry_code(number, prefix), title=shown_title(entry), hidden=False)
