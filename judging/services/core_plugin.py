"""The core's own answers to the hooks: a plugin like any other, registered by the core itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.api import API_VERSION, hookimpl
from judging.domain.scoring import CORE_AGGREGATORS
from judging.domain.standings import CORE_TIE_BREAKERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from judging.domain.strategies import Aggregator, TieBreaker


class CorePlugin:
    """The exact aggregators and the tie-breakers that every contest may name."""

    judging_api = API_VERSION

    @hookimpl
    def judging_aggregators(self) -> Iterable[Aggregator]:
        """Mean, trimmed mean, median and consensus."""
        return CORE_AGGREGATORS

    @hookimpl
    def judging_tie_breakers(self) -> Iterable[TieBreaker]:
        """The later round, the earlier round and the chair's vote."""
        return CORE_TIE_BREAKERS
