"""What a table would do to a contest: which of its entries are new, changed, the same, or refused and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from judging.db.models import Contest, Entry, ImportedEntry
from judging.domain.entry_states import ENTRY_LABELS, EntryState
from judging.domain.importing.columns import KEY, NAME, TITLE, plain
from judging.domain.importing.records import Fault, Record, gather_records
from judging.domain.rules import ContestRules
from judging.domain.structure import digest
from judging.errors import N_
from judging.plugins import Registry
from judging.services.contests.editions import rules_in_force
from judging.services.entries.imports.wanted import Change, Wanted, find_changes, read_wanted
from judging.services.entries.imports.words import words_of
from judging.services.rounds.entries import entry_code
from judging.services.tables.table import Table

_MENDABLE = frozenset({EntryState.SUBMITTED, EntryState.RETURNED, EntryState.LATE, EntryState.ELIGIBLE})
_GONE = (EntryState.WITHDRAWN, EntryState.DISQUALIFIED)


class Fate(StrEnum):
    """What becomes of an entry of the table."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An entry of the table: its rows, what becomes of it, and the entry that it is, if there is one."""

    rows: tuple[int, ...]
    fate: Fate
    wanted: Wanted
    title: str
    code: str = ""
    entry: Entry | None = None
    changes: tuple[Change, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """All entries of the table in its order. `seal` stands for exactly this plan on exactly these entries."""

    planned: tuple[Planned, ...]
    seal: str

    def count(self, fate: Fate) -> int:
        """How many entries have this fate."""
        return sum(one.fate is fate for one in self.planned)


class _Present:
    """The contest's entries, to be found by the office's number, by their code, and by title and lead author."""

    def __init__(self, session: Session, contest: Contest, rules: ContestRules) -> None:
        query = (
            select(Entry)
            .where(Entry.contest_id == contest.id, Entry.state.not_in(_GONE), Entry.erased_at.is_(None))
            .options(selectinload(Entry.members))
            .order_by(Entry.number)
        )
        entries = session.scalars(query).all()
        keys = select(ImportedEntry.key, ImportedEntry.entry_id).where(ImportedEntry.contest_id == contest.id)
        self.imported = {entry_id: key for key, entry_id in session.execute(keys)}
        by_id = {entry.id: entry for entry in entries}
        self._by_key = {
            plain(key): by_id[entry_id] for entry_id, key in self.imported.items() if key and entry_id in by_id
        }
        self._by_code = {plain(entry_code(rules, entry.number)): entry for entry in entries}
        self._by_name: dict[tuple[str, str], list[Entry]] = {}
        for entry in entries:
            if entry.members:
                self._by_name.setdefault((plain(entry.title), plain(entry.members[0].name)), []).append(entry)

    def find(self, wanted: Wanted) -> tuple[Entry | None, bool]:
        """The entry that the table means, and whether it cannot be told which of several."""
        if wanted.key:
            named = self._by_key.get(plain(wanted.key)) or self._by_code.get(plain(wanted.key))
            if named is not None:
                return named, False
        lead = wanted.people[0].name if wanted.people else ""
        alike = self._by_name.get((plain(wanted.title or ""), plain(lead)), []) if wanted.title and lead else []
        if wanted.key:
            # Another number of the office's means another entry.
            alike = [entry for entry in alike if not self.imported.get(entry.id)]
        return (alike[0], False) if len(alike) == 1 else (None, len(alike) > 1)


def plan_import(
    session: Session, *, registry: Registry, contest: Contest, table: Table, columns: Sequence[str], locale: str
) -> ImportPlan:
    """Compare a table with the contest; changes nothing. `columns` has the target of each column, empty for none.

    Raises ContestSuspended.
    """
    rules, say = rules_in_force(registry, contest), words_of(registry, contest.kind)
    records = gather_records([(row.number, row.cells) for row in table.rows], columns)
    present = _Present(session, contest, rules)
    read = [read_wanted(record, rules=rules, contest=contest, say=say, locale=locale) for record in records]
    twice = _met_twice([wanted for wanted, _faults in read])
    planned: list[Planned] = []
    taken: dict[str, int] = {}
    for record, (wanted, faults) in zip(records, read, strict=True):
        one = _plan_one(record, wanted, faults, present=present, rules=rules, twice=twice, taken=taken)
        if one.entry is not None:
            taken[one.entry.id] = record.first
        planned.append(one)
    return ImportPlan(planned=tuple(planned), seal=_seal(contest, columns, planned))


def _plan_one(
    record: Record, wanted: Wanted, faults: list[Fault], *, present: _Present, rules: ContestRules, twice: set[str],
    taken: dict[str, int],
) -> Planned:  # fmt: skip
    entry, unclear = present.find(wanted)
    first = record.first
    if wanted.key and plain(wanted.key) in twice:
        faults.append(
            Fault(row=first, target=KEY, message=N_("This number stands at more than one entry of the table."))
        )
    elif unclear:
        faults.append(
            Fault(
                row=first, target=TITLE, message=N_("Several entries have this title and lead author. Add their code.")
            )
        )
    elif entry is not None and entry.id in taken:
        faults.append(
            Fault(row=first, target=TITLE, message=N_("Row %(row)s is this entry already. Give one another number."),
                  params={"row": taken[entry.id]})
        )  # fmt: skip
    changes = tuple(find_changes(entry, wanted)) if entry is not None else ()
    faults += _missing(first, wanted) if entry is None else _closed(first, entry, changes)
    fate = Fate.REFUSED if faults else Fate.NEW if entry is None else Fate.CHANGED if changes else Fate.UNCHANGED
    return Planned(
        rows=tuple(record.rows),
        fate=fate,
        wanted=wanted,
        title=wanted.title or (entry.title if entry is not None else ""),
        code=entry_code(rules, entry.number) if entry is not None else "",
        entry=entry,
        changes=changes,
        faults=tuple(faults),
    )


def _missing(row: int, wanted: Wanted) -> list[Fault]:
    faults = []
    if not wanted.title:
        faults.append(Fault(row=row, target=TITLE, message=N_("Give the entry a title.")))
    if not any(person.name for person in wanted.people):
        faults.append(Fault(row=row, target=NAME, message=N_("Name at least the lead author.")))
    return faults


def _closed(row: int, entry: Entry, changes: Sequence[Change]) -> list[Fault]:
    state = EntryState(entry.state)
    if not changes or state in _MENDABLE:
        return []
    message = N_("This entry can no longer be changed from a table: %(state)s.")
    return [Fault(row=row, target=TITLE, message=message, params={"state": ENTRY_LABELS[state]})]


def _met_twice(wanted: Sequence[Wanted]) -> set[str]:
    met = Counter(plain(one.key) for one in wanted if one.key)
    return {key for key, count in met.items() if count > 1}


def _seal(contest: Contest, columns: Sequence[str], planned: Sequence[Planned]) -> str:
    return digest(
        {
            "contest": contest.id,
            "columns": list(columns),
            "planned": [
                [list(one.rows), one.fate.value,
                 one.entry.id if one.entry else "", one.entry.version if one.entry else 0,
                 [[change.target, change.before, change.after] for change in one.changes],
                 [fault.message for fault in one.faults], repr(one.wanted)]
                for one in planned
            ],
        }
    )  # fmt: skip
