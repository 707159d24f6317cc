"""The hooks of the innovative start-ups contest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.api import hookimpl
from judging_startup import eligibility
from judging_startup.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from judging.api import ContestRules, Entry, Problem


class Startup:
    """Offers the contest kind and its check of firms' ages and of limits per person and organisation."""

    judging_api = 1
    name = "startup"

    @hookimpl
    def judging_contests(self) -> Iterable[ContestRules]:
        """One kind, with the tracks idea and project."""
        return [RULES]

    @hookimpl
    def judging_check_eligibility(self, rules: ContestRules, entry: Entry, today: date) -> Iterable[Problem]:
        """Every reason of eligibility.py."""
        return eligibility.check_eligibility(rules, entry, today)


plugin = Startup()
