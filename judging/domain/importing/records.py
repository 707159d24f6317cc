"""Which rows are one entry, and who its people are.

An entry has one row, or several when its people stand below each other: then what concerns the entry is repeated, or
left blank, in the rows after the first. Several people may also stand in one cell, divided by lines, semicolons or,
among names and addresses, commas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from judging.domain.importing.columns import AUTHOR, BORN, EMAIL, NAME, SHARE, UNIT
from judging.errors import N_

PERSON = (NAME, BORN, UNIT, EMAIL, SHARE)
_LINES = re.compile(r"[;\n]+")
_LISTED = re.compile(r"[;,\n]+")
_DIVIDED = {NAME: _LISTED, EMAIL: _LISTED, BORN: _LINES, SHARE: _LINES, UNIT: _LINES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with an entry of the table: in which row and column, and what to do, as an msgid with params."""

    row: int
    target: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Record:
    """An entry of the table: its rows, its texts by target, its people with texts by target, and what is wrong."""

    rows: list[int]
    texts: dict[str, str]
    people: list[dict[str, str]]
    faults: list[Fault]

    @property
    def first(self) -> int:
        """The row by which the entry is named."""
        return self.rows[0]


def gather_records(rows: Iterable[tuple[int, Sequence[str]]], columns: Sequence[str]) -> list[Record]:
    """The entries of the rows (number, cells), by the target of each column."""
    records: list[Record] = []
    for number, cells in rows:
        texts: dict[str, str] = {}
        for target, text in zip(columns, cells, strict=False):
            if target and text:
                texts.setdefault(target, text)
        if not texts:
            continue
        own = {target: text for target, text in texts.items() if not target.startswith(AUTHOR)}
        people, faults = _people({target: text for target, text in texts.items() if target in PERSON}, number)
        if records and _goes_on(records[-1], own, people):
            records[-1].rows.append(number)
            records[-1].people += people
            records[-1].faults += faults
        else:
            records.append(Record(rows=[number], texts=own, people=people, faults=faults))
    return records


def _goes_on(record: Record, own: Mapping[str, str], people: Sequence[Mapping[str, str]]) -> bool:
    """Whether a row is about one more of the record's people: somebody new, and nothing else that is new."""
    if not people or any(record.texts.get(target) != text for target, text in own.items()):
        return False
    known = {(person.get(NAME, ""), person.get(BORN, "")) for person in record.people}
    return all((person.get(NAME, ""), person.get(BORN, "")) not in known for person in people)


def _people(cells: Mapping[str, str], row: int) -> tuple[list[dict[str, str]], list[Fault]]:
    parts = {target: [part.strip() for part in _DIVIDED[target].split(text)] for target, text in cells.items()}
    parts = {target: kept for target, all_parts in parts.items() if (kept := [part for part in all_parts if part])}
    if not parts:
        return [], []
    count = len(parts.get(NAME, [])) or max(map(len, parts.values()))
    people: list[dict[str, str]] = [{} for _ in range(count)]
    faults: list[Fault] = []
    for target, texts in parts.items():
        if len(texts) == count:
            for person, text in zip(people, texts, strict=True):
                person[target] = text
        elif target == UNIT and len(texts) == 1:
            for person in people:
                person[target] = texts[0]
        else:
            faults.append(
                Fault(
                    row=row,
                    target=target,
                    message=N_(
                        "%(names)s names, but %(others)s here. Write one for each author, each on a line of its own."
                    ),
                    params={"names": count, "others": len(texts)},
                )
            )
    return people, faults
