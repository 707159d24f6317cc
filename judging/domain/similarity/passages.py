"""The passages that two texts have in common, word beside word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from judging.domain.similarity.words import Word, words_of

MOST_WORDS = 2_500
MOST_PASSAGES = 5
_GAP = 3
_FEWEST = 4

Run = tuple[int, int, int]
"""Equal words: where they begin in the one text, where in the other, and how many they are."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a passage; `common` when the other text has it too."""

    text: str
    common: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """The same passage in both texts, and how many words of it they have in common."""

    one: tuple[Piece, ...]
    other: tuple[Piece, ...]
    words: int


def find_passages(one: str, other: str, *, worth: Mapping[str, float] | None = None) -> list[Passage]:
    """The passages in common, those that say most first.

    `worth` is how much a phrase of two words says; a passage of worth 0 (headings that everybody uses) is left out.
    Without it each word counts. At most the first 2,500 words of each text are compared.
    """
    first, second = words_of(one)[:MOST_WORDS], words_of(other)[:MOST_WORDS]
    found = []
    for runs in _together(_runs(first, second)):
        forms = [word.form for start, _, length in runs for word in first[start : start + length]]
        value = _value(first, runs, worth)
        if len(forms) >= _FEWEST and value > 0:
            found.append((value, runs))
    found.sort(key=lambda each: -each[0])
    return [
        Passage(
            one=tuple(_pieces(one, first, [(start, length) for start, _, length in runs])),
            other=tuple(_pieces(other, second, [(start, length) for _, start, length in runs])),
            words=sum(length for _, _, length in runs),
        )
        for _, runs in found[:MOST_PASSAGES]
    ]


def _runs(first: Sequence[Word], second: Sequence[Word]) -> list[Run]:
    matcher = SequenceMatcher(
        None, [word.form for word in first], [word.form for word in second], autojunk=False
    )  # fmt: skip
    return [(run.a, run.b, run.size) for run in matcher.get_matching_blocks() if run.size]


def _together(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Runs with a few other words between them are one passage."""
    passage: list[Run] = []
    for run in runs:
        if passage:
            start, place, length = passage[-1]
            if run[0] - start - length > _GAP or run[1] - place - length > _GAP:
                yield passage
                passage = []
        passage.append(run)
    if passage:
        yield passage


def _value(words: Sequence[Word], runs: Sequence[Run], worth: Mapping[str, float] | None) -> float:
    if worth is None:
        return float(sum(length for _, _, length in runs))
    return sum(
        worth.get(f"{left.form} {right.form}", 0.0)
        for start, _, length in runs
        for left, right in pairwise(words[start : start + length])
    )


def _pieces(text: str, words: Sequence[Word], runs: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    kept = words[runs[0][0]].start
    for start, length in runs:
        begin, end = words[start].start, words[start + length - 1].end
        if begin > kept:
            yield Piece(text[kept:begin], common=False)
        yield Piece(text[begin:end], common=True)
        kept = end
