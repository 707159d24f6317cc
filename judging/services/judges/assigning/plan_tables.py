"""Entries, judges, conflicts and affinities from anybody's tables, for a plan without an installation."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from judging.domain.assignment import JudgeSlot, Pair
from judging.domain.values import Problem
from judging.errors import N_, Refused
from judging.services.tables.reading import read_table
from judging.services.tables.table import Table

_MOST_BYTES = 500_000_000
_MOST_ROWS = 5_000_000
_MOST_TOLD = 20
_BETWEEN = re.compile(r"[;|,/\n]")

# Heads of columns as English and Vietnamese offices write them, in small letters.
_NAMES = {
    "entry": ("entry", "entries", "bài", "bài dự thi", "mã bài", "mã dự thi"),
    "category": ("category", "panel", "lĩnh vực", "tiểu ban"),
    "judge": ("judge", "giám khảo", "mã giám khảo"),
    "capacity": ("capacity", "số bài tối đa", "sức chấm"),
    "categories": ("categories", "panels", "các lĩnh vực", "lĩnh vực", "tiểu ban"),
    "value": ("value", "affinity", "giá trị", "độ phù hợp"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTables:
    """What is to be planned, as `plan_assignment` takes it."""

    entries: Sequence[tuple[str, str]]
    judges: Sequence[JudgeSlot]
    forbidden: frozenset[Pair] = frozenset()
    affinity: Mapping[Pair, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row by the names of its columns, and where it stands."""

    file: str
    number: int
    cells: Mapping[str, str]

    def problem(self, code: str, message: str, **params: object) -> Problem:
        return Problem(
            code=code, message=message, params={"file": self.file, "row": self.number, **params}, where=self.file
        )


def read_plan_tables(
    entries: tuple[str, bytes],
    judges: tuple[str, bytes],
    *,
    conflicts: tuple[str, bytes] | None = None,
    affinity: tuple[str, bytes] | None = None,
) -> PlanTables:
    """Read the tables, each given by its name and bytes. Raises Refused with what is wrong, row by row."""
    problems: list[Problem] = []
    found = _read_entries(_lines(*entries, needed=("entry",), optional=("category",)), problems)
    slots = _read_judges(
        _lines(*judges, needed=("judge",), optional=("capacity", "categories")),
        problems,
        set(found.values()),
        len(found),
    )
    known = _Known(entries=found.keys(), judges={slot.alias for slot in slots}, problems=problems)
    forbidden: set[Pair] = set()
    values: dict[Pair, float] = {}
    if conflicts is not None:
        for line in _lines(*conflicts, needed=("judge", "entry")):
            pair = known.pair(line)
            if pair is not None:
                forbidden.add(pair)
    if affinity is not None:
        for line in _lines(*affinity, needed=("judge", "entry", "value")):
            _read_value(line, known, values)
    if problems:
        raise Refused(problems[:_MOST_TOLD])
    return PlanTables(
        entries=tuple(found.items()), judges=tuple(slots), forbidden=frozenset(forbidden), affinity=values
    )


def _lines(file: str, data: bytes, *, needed: Sequence[str], optional: Sequence[str] = ()) -> Iterator[_Line]:
    wanted = (*needed, *optional)
    names = {name for column in wanted for name in _NAMES[column]}
    table = read_table(
        data, is_name=lambda text: text.casefold() in names, most_bytes=_MOST_BYTES, most_rows=_MOST_ROWS
    )
    places = _places(file, table, needed, wanted)
    for row in table.rows:
        yield _Line(file, row.number, {column: row.cells[at] for column, at in places.items()})


def _places(file: str, table: Table, needed: Sequence[str], wanted: Sequence[str]) -> dict[str, int]:
    heads = [head.casefold() for head in table.head.cells]
    places = {
        column: next((at for at, head in enumerate(heads) if head in _NAMES[column]), -1) for column in wanted
    }  # fmt: skip
    missing = [column for column in needed if places[column] < 0]
    if missing:
        raise Refused(
            [
                Problem(
                    code="missing-column",
                    message=N_(
                        "%(file)s has no column “%(column)s”. Its first row must name the columns: %(columns)s."
                    ),
                    params={"file": file, "column": column, "columns": ", ".join(wanted)},
                    where=file,
                )
                for column in missing
            ]
        )
    return {column: at for column, at in places.items() if at >= 0}


def _read_entries(lines: Iterator[_Line], problems: list[Problem]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        alias = line.cells["entry"]
        if not alias:
            problems.append(line.problem("no-entry", N_("%(file)s, row %(row)s: write the entry.")))
        elif alias in found:
            problems.append(_twice(line, alias))
        else:
            found[alias] = line.cells.get("category", "")
    return found


def _read_judges(
    lines: Iterator[_Line], problems: list[Problem], categories: set[str], entries: int
) -> list[JudgeSlot]:
    found: dict[str, JudgeSlot] = {}
    for line in lines:
        alias = line.cells["judge"]
        capacity = _whole(line.cells.get("capacity", ""), empty=entries)
        if not alias:
            problems.append(line.problem("no-judge", N_("%(file)s, row %(row)s: write the judge.")))
        elif alias in found:
            problems.append(_twice(line, alias))
        elif capacity is None:
            problems.append(
                line.problem(
                    "capacity",
                    N_(
                        "%(file)s, row %(row)s: “%(text)s” is no number of entries. "
                        "Write 0, 1, 2 …, or nothing for no limit."
                    ),
                    text=line.cells["capacity"],
                )
            )
        else:
            panels = _split(line.cells.get("categories", ""), categories)
            found[alias] = JudgeSlot(alias=alias, panels=panels, capacity=capacity)
    return list(found.values())


def _twice(line: _Line, alias: str) -> Problem:
    return line.problem(
        "twice", N_("%(file)s, row %(row)s: “%(alias)s” stands in an earlier row too. Keep one of them."), alias=alias
    )


def _whole(text: str, *, empty: int) -> int | None:
    if not text:
        return empty
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _split(text: str, known: set[str]) -> frozenset[str]:
    """The categories of a judge, divided by signs unless the whole is one; entries without one are for everybody."""
    parts = {text} if text in known else {part.strip() for part in _BETWEEN.split(text)}
    parts.discard("")
    return frozenset(parts | {""}) if parts else frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Entries and judges that the other tables may name."""

    entries: Collection[str]
    judges: Collection[str]
    problems: list[Problem]

    def pair(self, line: _Line) -> Pair | None:
        judge, entry = line.cells["judge"], line.cells["entry"]
        message = ""
        if judge not in self.judges:
            message, unknown = (
                N_("%(file)s, row %(row)s: there is no judge “%(alias)s”. Correct the name, or add the judge."),
                judge,
            )
        elif entry not in self.entries:
            message, unknown = (
                N_("%(file)s, row %(row)s: there is no entry “%(alias)s”. Correct the name, or add the entry."),
                entry,
            )
        else:
            return judge, entry
        self.problems.append(line.problem("unknown", message, alias=unknown))
        return None


def _read_value(line: _Line, known: _Known, values: dict[Pair, float]) -> None:
    pair = known.pair(line)
    if pair is None:
        return
    try:
        value = float(line.cells["value"].replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        message = N_("%(file)s, row %(row)s: “%(text)s” is no number. Write one like 0.75.")
        known.problems.append(line.problem("value", message, text=line.cells["value"]))
    elif pair in values:
        known.problems.append(_twice(line, " – ".join(pair)))
    else:
        values[pair] = value
