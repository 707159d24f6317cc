"""A table as it was found in a file, and what of a file is read at most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from judging.domain.values import Problem
from judging.errors import N_, Refused

MOST_BYTES = 10_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 100
LONGEST_CELL = 20_000
_HEAD_IS_WITHIN = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of texts. `number` is where it stands in the file, from 1, as a spreadsheet counts."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The row of names and the rows below it, all of one width; blank rows are left out."""

    head: Row
    rows: tuple[Row, ...]
    encoding: str = ""


def make_table(
    found: Sequence[Row], *, is_name: Callable[[str], bool], encoding: str = "", most_rows: int = MOST_ROWS
) -> Table:
    """The table among the rows of a file: it begins at the row that holds most of the names of columns.

    Offices write a title, a date or a stamp above it. Raises Refused when there is no table, or too much of it.
    """
    rows = [row for row in found if not row.is_blank]
    if not rows:
        raise refused("no-table", N_("There is no table in this file. The first row must name the columns."))
    begin = max(rows[:_HEAD_IS_WITHIN], key=lambda row: (sum(map(is_name, row.cells)), -row.number))
    below = [row for row in rows if row.number > begin.number]
    if len(below) > most_rows:
        raise refused("many-rows", N_("The table has more than %(limit)s rows. Split it."), limit=most_rows)
    width = max(len(row.cells) for row in (begin, *below))
    if width > MOST_COLUMNS:
        raise refused("many-columns", N_("The table has more than %(limit)s columns."), limit=MOST_COLUMNS)
    return Table(head=_widened(begin, width), rows=tuple(_widened(row, width) for row in below), encoding=encoding)


def _widened(row: Row, width: int) -> Row:
    return Row(number=row.number, cells=(*row.cells, *[""] * (width - len(row.cells))))


def refused(code: str, message: str, **params: object) -> Refused:
    """Why a file is not read."""
    return Refused([Problem(code=code, message=message, params=params, where="file")])
