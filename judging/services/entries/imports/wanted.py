"""What a table says of one entry, read and compared with what is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from judging.db.models import Contest, Entry
from judging.domain.importing.columns import (
    ANSWER,
    AUTHOR,
    CATEGORY,
    DIVISION,
    KEY,
    NAME,
    OWNER,
    RECEIVED,
    TITLE,
)
from judging.domain.importing.records import Fault, Record
from judging.domain.rules import ContestRules
from judging.errors import N_
from judging.services.access.accounts import check_address
from judging.services.entries.answers import Stored, Unreadable, clean_line
from judging.services.entries.drafts import LONGEST_TITLE
from judging.services.entries.imports.cells import fill_in, read_field, read_moment, read_option, read_record_people
from judging.services.entries.imports.words import Say
from judging.services.entries.members import Person, rows_of

_LONGEST_KEY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An entry as the table has it. What it leaves blank is None, or not among the answers, and stays as it is."""

    key: str | None = None
    title: str | None = None
    category: str | None = None
    division: str | None = None
    received: datetime | None = None
    owner: str | None = None
    answers: Mapping[str, Stored] | None = None
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What would become different: of which target, before and after, in plain values."""

    target: str
    before: str
    after: str


def read_wanted(
    record: Record, *, rules: ContestRules, contest: Contest, say: Say, locale: str
) -> tuple[Wanted, list[Fault]]:
    """Read the texts of a record; each that cannot be read is a fault and left out."""
    faults = list(record.faults)
    people, wrong = read_record_people(record, births=rules.team.births, shares=rules.team.shares, locale=locale)
    faults += wrong
    texts = record.texts

    def option(target: str, options: Sequence[tuple[str, str]]) -> str | None:
        if target not in texts:
            return None
        key = read_option(texts[target], options, say)
        if key is None:
            faults.append(Fault(row=record.first, target=target, message=N_("There is no such choice: %(text)s."),
                                params={"text": texts[target][:60]}))  # fmt: skip
        return key

    wanted = Wanted(
        key=clean_line(texts[KEY])[:_LONGEST_KEY] if KEY in texts else None,
        title=clean_line(texts[TITLE])[:LONGEST_TITLE] if TITLE in texts else None,
        category=option(CATEGORY, [(one.key, one.label) for one in rules.categories]),
        division=option(DIVISION, [(one.key, one.label) for one in rules.divisions]),
        received=_received(record, contest, faults),
        owner=_owner(record, faults),
        answers=_answers(record, rules, say, locale, faults),
        people=tuple(people),
    )
    return wanted, faults


def _received(record: Record, contest: Contest, faults: list[Fault]) -> datetime | None:
    if RECEIVED not in record.texts:
        return None
    try:
        return read_moment(record.texts[RECEIVED], zone=contest.zone)
    except Unreadable as wrong:
        faults.append(Fault(row=record.first, target=RECEIVED, message=wrong.message))
        return None


def _owner(record: Record, faults: list[Fault]) -> str | None:
    address = record.texts.get(OWNER)
    if address is None:
        return None
    for problem in check_address(address):
        faults.append(Fault(row=record.first, target=OWNER, message=problem.message))
        return None
    return address


def _answers(
    record: Record, rules: ContestRules, say: Say, locale: str, faults: list[Fault]
) -> Mapping[str, Stored] | None:
    answers: dict[str, Stored] = {}
    for field in rules.fields:
        text = record.texts.get(ANSWER + field.key)
        if text is None:
            continue
        try:
            answers[field.key] = read_field(field, text, say=say, locale=locale)
        except Unreadable as wrong:
            faults.append(Fault(row=record.first, target=ANSWER + field.key, message=wrong.message))
    return answers


def find_changes(entry: Entry, wanted: Wanted) -> list[Change]:
    """What the table would change of an entry that is there."""
    pairs = [
        (TITLE, entry.title, wanted.title),
        (CATEGORY, entry.category, wanted.category),
        (DIVISION, entry.division or "", wanted.division),
        *((ANSWER + key, entry.answers.get(key), value) for key, value in (wanted.answers or {}).items()),
    ]
    # A box that was never ticked says no, as one that was unticked.
    changes = [
        Change(target=target, before=_plain(before), after=_plain(after))
        for target, before, after in pairs
        if after is not None and after != before and not (after is False and before is None)
    ]
    people = wanted_people(entry, wanted)
    if people is not None:
        changes.append(Change(target=NAME, before=_listed(rows_of(entry)), after=_listed(people)))
    return changes


def wanted_people(entry: Entry, wanted: Wanted) -> list[Person] | None:
    """The people as they would be; None when nothing of them changes, or the table names none."""
    if not any(person.name for person in wanted.people):
        return None
    present = rows_of(entry)
    people = fill_in(wanted.people, present)
    return None if people == present else people


def is_about_people(target: str) -> bool:
    """Whether a target is one of the authors' columns."""
    return target.startswith(AUTHOR)


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _listed(people: Sequence[Person]) -> str:
    return "; ".join(
        ", ".join(
            part
            for part in (
                person.name, person.born.isoformat() if person.born else "", person.unit,
                f"{person.share.normalize():f} %" if person.share is not None else "",
            )
            if part
        )
        for person in people
    )  # fmt: skip
