"""Chance that repeats itself: names, moments, identifiers and shares drawn from one seeded generator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID

from judging.domain.aliases import new_alias

T = TypeVar("T")

_EPOCH = datetime(2021, 1, 4, tzinfo=UTC)
_COUNTER_BITS = 12
_RANDOM_BITS = 62


class Draw:
    """All that the demo leaves to chance. Two with one seed give the same, call by call."""

    def __init__(self, seed: int | str) -> None:
        self.random = Random(seed)
        self._made = 0
        self._aliases: set[str] = set()

    def new_id(self) -> str:
        """A UUID version 7 (RFC 9562) of a moment in 2021; later ones sort after earlier ones."""
        milliseconds = int(_EPOCH.timestamp() * 1000) + (self._made >> _COUNTER_BITS)
        counter = self._made & ((1 << _COUNTER_BITS) - 1)
        self._made += 1
        value = milliseconds << 4 | 0b0111
        value = value << _COUNTER_BITS | counter
        value = value << 2 | 0b10
        value = value << _RANDOM_BITS | self.random.getrandbits(_RANDOM_BITS)
        return str(UUID(int=value))

    def alias(self, prefix: str) -> str:
        """An alias that was not given out before."""
        alias = new_alias(prefix, self._aliases, self.random)
        self._aliases.add(alias)
        return alias

    def one_of(self, things: Sequence[T]) -> T:
        """One of them, all equally likely."""
        return self.random.choice(things)

    def chance(self, share: float) -> bool:
        """True in that share of the calls."""
        return self.random.random() < share

    def moment(self, first: datetime, last: datetime) -> datetime:
        """A whole second between the two, both included."""
        return first + timedelta(seconds=self.random.randint(0, max(0, int((last - first).total_seconds()))))

    def rushed_moment(self, first: datetime, last: datetime) -> datetime:
        """A moment between the two; as with every deadline, most come near the end."""
        share = self.random.betavariate(1.9, 0.6)
        return first + timedelta(seconds=int((last - first).total_seconds() * share))


def split(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """`total` in whole parts as the weights say, by largest remainders; the parts sum to `total`."""
    whole = sum(weights.values())
    parts = {key: total * weight // whole for key, weight in weights.items()}
    order = sorted(weights, key=lambda key: (-(total * weights[key] % whole), key))
    for key in order[: total - sum(parts.values())]:
        parts[key] += 1
    return parts
