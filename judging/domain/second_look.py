"""The two-person check of a dossier: who said what so far decides what one more word means.

Opinions are those of the present round of screening: once a decision is taken, or the dossier goes back to its authors,
the count begins anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# What needs a second person; a return takes nothing from anybody, so that one person is enough.
NEEDS_SECOND = frozenset({"eligible", "rejected"})


class Outcome(StrEnum):
    """What comes of one more word: it waits for a second person, it decides, or two disagree, or it may not be said."""

    WAITS = "waits"
    DECIDES = "decides"
    DISPUTED = "disputed"
    OWN = "own"
    ORGANISERS = "organisers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one person said of the dossier."""

    by: str
    verdict: str


def is_disputed(said: Sequence[Opinion]) -> bool:
    """Whether two people differ, so that the organiser decides."""
    return len({one.verdict for one in said}) > 1


def weigh(said: Sequence[Opinion], word: Opinion, *, two_persons: bool, organiser: bool) -> Outcome:
    """What `word` comes to after what was `said`. `organiser` says whether its author may settle a disagreement.

    Nobody confirms their own word, and nobody settles a disagreement they are part of.
    """
    if not two_persons or word.verdict not in NEEDS_SECOND:
        return Outcome.DECIDES
    if any(one.by == word.by for one in said):
        return Outcome.OWN
    if is_disputed(said):
        return Outcome.DECIDES if organiser else Outcome.ORGANISERS
    if not said:
        return Outcome.WAITS
    return Outcome.DECIDES if said[0].verdict == word.verdict else Outcome.DISPUTED
