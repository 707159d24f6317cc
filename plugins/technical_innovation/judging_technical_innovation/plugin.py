"""The hooks of the technical innovation contest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.api import hookimpl
from judging_technical_innovation import eligibility
from judging_technical_innovation.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from judging.api import ContestRules, Entry, Problem


class TechnicalInnovation:
    """Offers the contest kind and its check of when a work was created, applied and prized."""

    judging_api = 1
    name = "technical_innovation"

    @hookimpl
    def judging_contests(self) -> Iterable[ContestRules]:
        """One kind, with the six official categories."""
        return [RULES]

    @hookimpl
    def judging_check_eligibility(self, rules: ContestRules, entry: Entry, today: date) -> Iterable[Problem]:
        """Every reason of eligibility.py."""
        return eligibility.check_eligibility(rules, entry, today)


plugin = TechnicalInnovation()
