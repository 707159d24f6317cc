"""What a check of a bundle found: plain values, said in words elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from judging.domain.ledger.faults import Exit, LedgerError
from judging.domain.ledger.leaves import Leaf


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A sentence: an msgid with named placeholders, and what fills them (another error stands for its own sentence)."""

    message: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, error: LedgerError) -> Told:
        """What an error says."""
        return cls(message=error.message, params=error.params)

    def __str__(self) -> str:
        return self.message % dict(self.params) if self.params else self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was checked. `code` is OK, or the code with which the whole check ends because of it."""

    name: str
    code: Exit
    told: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """What a round comes down to: how sheets were combined, how many counted, how many entries have a place."""

    key: str
    aggregator: str
    sheets: int
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the log holds, in figures. Times are as the leaves have them, in UTC."""

    origin: str
    size: int
    root: str
    sheets: int = 0
    missing: int = 0
    erased: int = 0
    rounds: Sequence[RoundFacts] = ()
    ranking_sha256: str = ""
    opened: str = ""
    closed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """All that was found: the code to end with, every step taken, figures, acts in daylight, and remarks."""

    code: Exit
    steps: Sequence[Step]
    facts: Facts | None = None
    acts: Sequence[tuple[int, Leaf]] = ()
    notes: Sequence[Told] = ()
