"""What an office may ask of the plan of a round, besides what the rules ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from judging.domain.values import Problem
from judging.errors import N_

MOST_COMMON = 50
MOST_LEAST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSettings:
    """How a round is planned.

    `common` entries of each panel are read by all its judges, `across` entries of each panel by a judge of every other
    panel too. With `preferences` the categories that judges know best count, and with `even` only as far as loads stay
    even. Every judge should get `least` entries.
    """

    common: int = 0
    across: int = 0
    even: bool = True
    preferences: bool = True
    least: int = 0

    def problems(self) -> Iterator[Problem]:
        """What is wrong with them, by field."""
        for key, most in (("common", MOST_COMMON), ("across", MOST_COMMON), ("least", MOST_LEAST)):
            if not 0 <= getattr(self, key) <= most:
                message = N_("Type a whole number from 0 to %(most)s.")
                yield Problem(code="range", where=key, message=message, params={"most": most})
