"""Answers of the entry form: from what was typed to what is stored, and to the values that rules look at.

Stored answers are plain JSON by field key: text, integer, boolean; decimals as text with a point and dates as
YYYY-MM-DD. What cannot be read is not stored; it is told, so that the page can keep what was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from email_validator import EmailNotValidError, validate_email

from judging.domain.fields import EntryField, FieldKind
from judging.domain.values import Problem
from judging.errors import N_

Stored = str | int | bool | None

LONGEST_LINE = 500
LONGEST_TEXT = 20_000
_TICKED = frozenset({"y", "1", "true", "on"})
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,12}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,15}(?:[.,]\d{1,6})?", re.ASCII)
_DOTTED_THOUSAND = re.compile(r"-?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_PHONE = re.compile(r"\+?[\d\s().-]{6,30}", re.ASCII)
_URL = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)


class Unreadable(ValueError):
    """A text that is no answer; `message` is an msgid that says what is expected."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def clean_line(text: str) -> str:
    """One line as it is stored: NFC, single spaces, no control characters."""
    return " ".join(clean_text(text).split())


def clean_text(text: str) -> str:
    """A text as it is stored: NFC, line ends as one sign, no control characters, no space at either end."""
    if text.isascii() and text.isprintable():
        return text.strip()
    whole = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(sign for sign in whole if sign == "\n" or unicodedata.category(sign) != "Cc").strip()


def read_day(text: str) -> date | None:
    """A day as a browser sends it (2012-05-31) or as people write it (31/5/2012), None if empty. Raises Unreadable."""
    text = text.strip()
    if not text:
        return None
    try:
        if written := _DAY.fullmatch(text):
            day, month, year = (int(part) for part in written.groups())
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        raise Unreadable(N_("Write the day like 31/05/2012.")) from None


def read_decimal(text: str, *, locale: str) -> Decimal | None:
    """A number as readers of `locale` mean it; None when empty. Raises Unreadable.

    Vietnamese takes a comma before the decimals, and a point that cannot be a thousand's.
    """
    text = text.strip()
    if not text:
        return None
    vietnamese = locale.startswith("vi")
    grouped = _DOTTED_THOUSAND.fullmatch(text) if vietnamese else "," in text
    if grouped or not _DECIMAL.fullmatch(text):
        raise Unreadable(N_("Write a plain number without grouping, like 12 or 1500."))
    return Decimal(text.replace(",", "."))


def read_answer(field: EntryField, text: str, *, locale: str) -> Stored:
    """What to store for one answer; None when it is empty. Raises Unreadable."""
    if field.kind is FieldKind.BOOLEAN:
        return text.strip().casefold() in _TICKED
    if field.kind is FieldKind.LONG_TEXT:
        return _bounded(clean_text(text), LONGEST_TEXT) or None
    line = _bounded(clean_line(text), LONGEST_LINE)
    return _READERS[field.kind](field, line, locale) if line else None


def read_answers(
    fields: Iterable[EntryField], typed: Mapping[str, str], *, locale: str
) -> tuple[dict[str, Stored], tuple[Problem, ...]]:
    """Read what was typed, by field key: the answers to store, and a problem for each that cannot be read."""
    answers: dict[str, Stored] = {}
    problems: list[Problem] = []
    for field in fields:
        try:
            answers[field.key] = read_answer(field, typed.get(field.key, ""), locale=locale)
        except Unreadable as wrong:
            problems.append(Problem(code="unreadable", message=wrong.message, where=field.key))
    return answers, tuple(problems)


def typed_answers(fields: Sequence[EntryField], stored: Mapping[str, object]) -> dict[str, object]:
    """Stored answers as rules look at them: dates and decimals as such; what is missing is left out."""
    values: dict[str, object] = {}
    for field in fields:
        value = stored.get(field.key)
        if value in (None, ""):
            continue
        if field.kind is FieldKind.DATE:
            value = date.fromisoformat(str(value))
        elif field.kind is FieldKind.DECIMAL:
            value = Decimal(str(value))
        values[field.key] = value
    return values


def count_words(text: str) -> int:
    """How many words: runs of signs between white space, as the page counts them while one types."""
    return len(text.split())


def _bounded(text: str, most: int) -> str:
    if len(text) > most:
        raise Unreadable(N_("This is too long to be stored. Shorten it."))
    return text


def _read_date(_field: EntryField, line: str, _locale: str) -> Stored:
    day = read_day(line)
    return day.isoformat() if day is not None else None


def _read_integer(_field: EntryField, line: str, _locale: str) -> Stored:
    if not _INTEGER.fullmatch(line):
        raise Unreadable(N_("Write a whole number, like 2021."))
    return int(line)


def _read_decimal(_field: EntryField, line: str, locale: str) -> Stored:
    number = read_decimal(line, locale=locale)
    return None if number is None else format(number, "f")


def _read_choice(field: EntryField, line: str, _locale: str) -> Stored:
    if line not in {choice.key for choice in field.choices}:
        raise Unreadable(N_("Choose one of the answers on offer."))
    return line


def _read_email(_field: EntryField, line: str, _locale: str) -> Stored:
    try:
        # example.vn and other reserved names are what demonstrations and rehearsals use.
        validate_email(line, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Unreadable(N_("That is not an e-mail address: name@domain is expected.")) from None
    return line


def _read_phone(_field: EntryField, line: str, _locale: str) -> Stored:
    if not _PHONE.fullmatch(line):
        raise Unreadable(N_("Write a telephone number with digits, like 0205 3812 345."))
    return line


def _read_url(_field: EntryField, line: str, _locale: str) -> Stored:
    if not _URL.fullmatch(line):
        raise Unreadable(N_("Write the whole address, beginning with https://."))
    return line


def _read_text(_field: EntryField, line: str, _locale: str) -> Stored:
    return line


_READERS: Mapping[FieldKind, Callable[[EntryField, str, str], Stored]] = {
    FieldKind.TEXT: _read_text,
    FieldKind.CHOICE: _read_choice,
    FieldKind.DATE: _read_date,
    FieldKind.INTEGER: _read_integer,
    FieldKind.DECIMAL: _read_decimal,
    FieldKind.EMAIL: _read_email,
    FieldKind.PHONE: _read_phone,
    FieldKind.URL: _read_url,
}
