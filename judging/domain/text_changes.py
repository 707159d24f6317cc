"""What changed between two versions of a text, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MOST_WORDS = 1000
"""Longer stretches that differ are compared as a whole: the comparison grows with the product of their lengths."""

# A word with the space behind it: spaces of their own would all match each other.
_PIECES = re.compile(r"\S+\s*|\s+")


class Kind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and what became of it."""

    kind: Kind
    text: str


def compare_texts(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces in reading order. Without what is new they make `before`, without what is gone `after`."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    middle = _compare(old[head : len(old) - tail], new[head : len(new) - tail])
    return _pieces((Kind.SAME, "".join(old[:head])), *middle, (Kind.SAME, "".join(old[len(old) - tail :])))


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
    return next(
        (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )


def _compare(old: Sequence[str], new: Sequence[str]) -> list[tuple[Kind, str]]:
    if max(len(old), len(new)) > MOST_WORDS:
        return [(Kind.GONE, "".join(old)), (Kind.NEW, "".join(new))]
    found: list[tuple[Kind, str]] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append((Kind.SAME, "".join(old[old_from:old_to])))
            continue
        found.append((Kind.GONE, "".join(old[old_from:old_to])))
        found.append((Kind.NEW, "".join(new[new_from:new_to])))
    return found


def count_changed_words(before: str, after: str) -> tuple[int, int]:
    """How many words went, and how many came."""
    pieces = compare_texts(before, after)
    gone, new = (sum(len(one.text.split()) for one in pieces if one.kind is kind) for kind in (Kind.GONE, Kind.NEW))
    return gone, new


def _pieces(*found: tuple[Kind, str]) -> tuple[Piece, ...]:
    return tuple(Piece(kind, text) for kind, text in found if text)
