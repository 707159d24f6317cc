"""The texts of a table's cells as what is stored of an entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from judging.domain.fields import EntryField, FieldKind
from judging.domain.importing.columns import BORN, EMAIL, NAME, SHARE, UNIT, plain
from judging.domain.importing.records import Fault, Record
from judging.errors import N_
from judging.services.entries.answers import Stored, Unreadable, clean_line, read_answer, read_day, read_decimal
from judging.services.entries.imports.words import Say
from judging.services.entries.members import Person

_YES = frozenset({"x", "co", "yes", "y", "1", "true", "dung", "roi", "da"})
_NO = frozenset({"khong", "no", "n", "0", "false", "sai", "chua"})
_EMAIL = EntryField(key="email", label="e-mail", kind=FieldKind.EMAIL)
_NUMBERED = re.compile(r"(\d{1,2})\b", re.ASCII)
_LONGEST = 200


def read_option(text: str, options: Iterable[tuple[str, str]], say: Say) -> str | None:
    """The key of the option that a text names by key, by label in either language, or by its number in the list."""
    listed = list(options)
    wanted = plain(text)
    for key, label in listed:
        if wanted in {plain(key), *map(plain, say(label))}:
            return key
    if (numbered := _NUMBERED.match(wanted)) and 1 <= int(numbered.group(1)) <= len(listed):
        key, label = listed[int(numbered.group(1)) - 1]
        rest = wanted[numbered.end() :].strip()
        # “2” or “2. Phần mềm tin học”, but not a 2 before some other name.
        return key if not rest or rest in set(map(plain, say(label))) else None
    return None


def read_field(field: EntryField, text: str, *, say: Say, locale: str) -> Stored:
    """What to store for one answer. Raises Unreadable."""
    if field.kind is FieldKind.BOOLEAN:
        return read_flag(text)
    if field.kind is FieldKind.CHOICE:
        key = read_option(text, [(choice.key, choice.label) for choice in field.choices], say)
        if key is None:
            raise Unreadable(N_("Choose one of the answers on offer."))
        return key
    return read_answer(field, text, locale=locale)


def read_flag(text: str) -> bool:
    """Yes or no, as people mark it in a table. Raises Unreadable."""
    word = plain(text)
    if word in _YES or text.strip() in {"✓", "✔", "☑"}:
        return True
    if word in _NO:
        return False
    raise Unreadable(N_("Write “x” or “có” for yes, “không” for no."))


def read_moment(text: str, *, zone: str) -> datetime | None:
    """The end of a day in the contest's zone, in UTC: what came in on it was there by then. Raises Unreadable."""
    day = read_day(text.split(" ", maxsplit=1)[0])
    if day is None:
        return None
    return datetime.combine(day, time(23, 59, 59), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def read_record_people(record: Record, *, births: bool, shares: bool, locale: str) -> tuple[list[Person], list[Fault]]:
    """The people of an entry, and what of them cannot be read."""
    people: list[Person] = []
    faults: list[Fault] = []
    for texts in record.people:
        values: dict[str, object] = {}
        for target, read in (
            (BORN, lambda text: read_day(text) if births else None),
            (SHARE, lambda text: read_decimal(text.removesuffix("%").strip(), locale=locale) if shares else None),
            (EMAIL, lambda text: read_answer(_EMAIL, text, locale=locale)),
        ):
            try:
                values[target] = read(texts[target]) if target in texts else None
            except Unreadable as wrong:
                faults.append(Fault(row=record.first, target=target, message=wrong.message))
        people.append(_person(texts, values))
    return people, faults


def _person(texts: dict[str, str], values: dict[str, object]) -> Person:
    share, email = values.get(SHARE), values.get(EMAIL)
    born = values.get(BORN)
    return Person(
        name=clean_line(texts.get(NAME, ""))[:_LONGEST],
        unit=clean_line(texts.get(UNIT, ""))[:_LONGEST],
        born=born if isinstance(born, date) else None,
        share=share if isinstance(share, Decimal) else None,
        email=email if isinstance(email, str) else "",
    )


def fill_in(people: Sequence[Person], present: Sequence[Person]) -> list[Person]:
    """The people of the table, with what it says nothing of taken from those of the same name who are there already."""
    by_name = {plain(person.name): person for person in present}
    filled = []
    for person in people:
        old = by_name.get(plain(person.name))
        filled.append(
            person
            if old is None
            else Person(
                id=old.id,
                name=person.name or old.name,
                born=person.born or old.born,
                email=person.email or old.email,
                unit=person.unit or old.unit,
                share=person.share if person.share is not None else old.share,
            )
        )
    return filled
