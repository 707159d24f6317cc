"""What a check found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST_TOLD = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check: its name, how many things it looked at, and a sentence for each that breaks the rule.

    Of a great many problems the first hundred are told, and how many more there are.
    """

    name: str
    count: int
    problems: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the rule holds of everything."""
        return not self.problems


def look(name: str, answers: Iterable[str | None]) -> Finding:
    """Go through the answers of a check: one for each thing it looked at, a sentence or None."""
    count = broken = 0
    told: list[str] = []
    for answer in answers:
        count += 1
        if answer is not None:
            broken += 1
            if len(told) < MOST_TOLD:
                told.append(answer)
    if broken > len(told):
        told.append(f"and {broken - len(told)} more")
    return Finding(name=name, count=count, problems=tuple(told))
