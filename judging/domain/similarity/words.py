"""Vietnamese text as a row of words that can be compared, each with its place in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:[^\W_]|[\u0300-\u036f])*")
_HIDDEN = "…"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared, and where it stands in the text: `text[start:end]`."""

    form: str
    start: int
    end: int


def in_one_form(text: str) -> str:
    """The text in composed form (NFC), so that one sound is one letter however it was typed."""
    return unicodedata.normalize("NFC", text)


def plain(text: str) -> str:
    """The text in small letters without tones and marks: “Đường” is “duong”.

    People who copy retype without marks, and the two ways to place a tone (hoà, hòa) are one word.
    """
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).replace("đ", "d")


def words_of(text: str) -> list[Word]:
    """The words of a text in order, each in its plain form."""
    return [
        Word(plain(found.group()), found.start(), found.end()) for found in _WORD.finditer(text)
    ]  # fmt: skip


def forms_of(text: str) -> list[str]:
    """The plain forms alone, in order."""
    return [form for form in re.split(r"[\W_]+", plain(text)) if form]


def without_names(text: str, names: Collection[str]) -> str:
    """The text with each of the names replaced by “…”, whatever its letters' case, marks and spacing.

    A name of a single word is left: it may be any word of the language.
    """
    wanted: dict[str, list[tuple[str, ...]]] = {}
    for name in names:
        parts = tuple(forms_of(name))
        if len(parts) > 1:
            wanted.setdefault(parts[0], []).append(parts)
    if not wanted:
        return text
    pieces, kept = [], 0
    for start, end in _places(words_of(text), wanted):
        pieces += [text[kept:start], _HIDDEN]
        kept = end
    return "".join([*pieces, text[kept:]])


def _places(words: list[Word], wanted: dict[str, list[tuple[str, ...]]]) -> Iterator[tuple[int, int]]:
    place = 0
    while place < len(words):
        length = max(
            (
                len(parts)
                for parts in wanted.get(words[place].form, ())
                if tuple(word.form for word in words[place : place + len(parts)]) == parts
            ),
            default=0,
        )
        if length:
            yield words[place].start, words[place + length - 1].end
        place += length or 1
