"""Between what an organiser reads and types and what rules hold: keys, msgids and numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from judging.domain.marks import MarkError, parse_mark
from judging.errors import N_
from judging.web.formats import label
from judging.web.i18n import locale

_NOT_KEY = re.compile(r"[^a-z0-9]+")
_LONGEST_KEY = 50
_TEXTS = frozenset({"label", "help", "meaning"})
_GROUPED = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+", re.ASCII)


class TypedError(ValueError):
    """A text that cannot be read; `message` is an msgid that says what is expected."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def key_from(text: str, taken: Collection[str], *, spare: str) -> str:
    """A key made of the letters of `text`, or of `spare` when it has none, that is not in `taken`."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    ascii_text = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = _NOT_KEY.sub("-", ascii_text).strip("-")[:_LONGEST_KEY].strip("-")
    base = words if words and words[0].isalpha() else f"{spare}-{words}".strip("-")
    key, number = base, 1
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    return key


def known_texts(*plains: Any) -> dict[str, str]:
    """The msgids in these parts of rules by how the reader sees them, so that an untouched text stays the msgid."""
    return {label(msgid): msgid for plain in plains for msgid in _texts(plain)}


def _texts(plain: Any) -> Iterator[str]:
    if isinstance(plain, Mapping):
        for key, value in plain.items():
            if key in _TEXTS and isinstance(value, str) and value:
                yield value
            else:
                yield from _texts(value)
    elif isinstance(plain, Iterable) and not isinstance(plain, str):
        for value in plain:
            yield from _texts(value)


def typed_text(text: str, known: Mapping[str, str]) -> str:
    """What the rules hold for a typed text: its msgid when it is one, else the text itself."""
    tidy = text.strip().replace("\r\n", "\n")
    return known.get(tidy, tidy)


def number_text(value: Any) -> str:
    """A number of the rules as the reader types it: 8,5 in Vietnamese, 8.5 in English, nothing for None."""
    if value is None:
        return ""
    text = str(value)
    return text.replace(".", ",") if locale() == "vi" else text


def typed_decimal(text: str) -> str:
    """A typed number as rules hold it. Raises TypedError."""
    try:
        number: Decimal = parse_mark(text, locale=locale())
    except MarkError as wrong:
        raise TypedError(_DECIMAL.get(wrong.code, N_("Write a number, such as 20 or 0.5."))) from wrong
    return format(number.normalize(), "f") if number else "0"


def typed_integer(text: str, *, most_digits: int = 6) -> int:
    """A typed whole number; groups of thousands may be set apart. Raises TypedError."""
    tidy = text.strip()
    if _GROUPED.fullmatch(tidy):
        tidy = re.sub(r"[.,\s]", "", tidy)
    if not (tidy.isascii() and tidy.isdigit()):
        raise TypedError(N_("Write a whole number with the digits 0 to 9."))
    if len(tidy) > most_digits:
        raise TypedError(N_("That number is too large."))
    return int(tidy)


_DECIMAL = {
    "empty": N_("Write a number here."),
    "comma": N_("Write the number with a point, like 8.5."),
    "grouping": N_("Write the number without grouping."),
}
