"""What a check found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from judging.db.sealed import SealBroken

MOST_TOLD = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check: its name, how many things it looked at, and a sentence for each that breaks the rule.

    `notes` are worth knowing and break no rule. Of a great many problems the first hundred are told, and how many more
    there are.
    """

    name: str
    count: int
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the rule holds of everything."""
        return not self.problems


def look(name: str, answers: Iterable[str | None]) -> Finding:
    """Go through the answers of a check: one for each thing it looked at, a sentence or None."""
    count = broken = 0
    told: list[str] = []
    for answer in _readable(answers):
        count += 1
        if answer is not None:
            broken += 1
            if len(told) < MOST_TOLD:
                told.append(answer)
    return Finding(name=name, count=count, problems=(*told, *_rest(broken)))


def _readable(answers: Iterable[str | None]) -> Iterator[str | None]:
    """The answers, and a last one where what lies sealed cannot be read: then nothing more can be looked at."""
    try:
        yield from answers
    except SealBroken as error:
        yield str(error)


def first_of(sentences: Iterable[str]) -> tuple[str, ...]:
    """The first hundred sentences, and how many more there are."""
    told: list[str] = []
    count = 0
    for sentence in sentences:
        count += 1
        if count <= MOST_TOLD:
            told.append(sentence)
    return (*told, *_rest(count))


def _rest(count: int) -> tuple[str, ...]:
    return (f"and {count - MOST_TOLD} more",) if count > MOST_TOLD else ()
