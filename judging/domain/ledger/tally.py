"""What counts at one moment of a log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from judging.domain.values import Ballot, Grant

Belongs = Mapping[str, tuple[str, str | None]]
"""The category and the division of entries, by alias."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """All that a ranking follows from, besides the rules.

    `ballots` holds the sheets that count by round key: of each sheet the latest version, overrides applied, without
    those that were excluded or whose judge was recused. `entries` are those in play, with category and division.
    `votes` are the chair's by round and entry (a higher number stands before a lower), `advanced` who went on from each
    round that has ended, `prizes` what is published with the ranking.
    """

    contest: str
    ballots: Mapping[str, Sequence[Ballot]]
    entries: Belongs
    votes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    advanced: Mapping[str, Sequence[str]] = field(default_factory=dict)
    prizes: Sequence[Grant] = ()
