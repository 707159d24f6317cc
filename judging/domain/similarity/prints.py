"""Fingerprints: numbers that two works share when they share a phrase, a file or a picture.

A phrase is a pair of neighbouring words. Longer ones say more, but of a text with every second word replaced hardly
one of them is left, and what a pair is worth is told by how few works have it (see `scoring`). Of a very long text the
phrases with the lowest numbers are kept, the same ones in every text (Broder 1997).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

MOST_PRINTS = 1_500
"""A text's phrases in the index at most."""

_BITS = 63


def number_of(space: str, kind: str, value: str) -> int:
    """A number of 63 bits for a value. `space` keeps those apart who must not find each other: organisations."""
    digest = hashlib.blake2b(f"{space}\x1f{kind}\x1f{value}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - _BITS)


def phrases_of(forms: Sequence[str]) -> set[str]:
    """Every pair of neighbouring words once."""
    return {f"{first} {second}" for first, second in pairwise(forms)}


def row_of_prints(forms: Sequence[str], prints: Mapping[int, str]) -> list[int | None]:
    """The prints of a text in the order of its words, None where a phrase is not kept."""
    numbers = {phrase: number for number, phrase in prints.items()}
    return [numbers.get(f"{first} {second}") for first, second in pairwise(forms)]


def prints_of(space: str, phrases: Iterable[str]) -> dict[int, str]:
    """The prints of a text that are kept, each with its phrase."""
    found = {number_of(space, "phrase", phrase): phrase for phrase in phrases}
    return {number: found[number] for number in sorted(found)[:MOST_PRINTS]}
