"""The hooks of the youth creativity contest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.api import hookimpl
from judging_youth_creativity import eligibility, reports
from judging_youth_creativity.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from judging.api import ContestRules, Entry, Problem, Report


class YouthCreativity:
    """Offers the contest kind, its check of ages and limits, and its send-up list."""

    judging_api = 1
    name = "youth_creativity"

    @hookimpl
    def judging_contests(self) -> Iterable[ContestRules]:
        """One kind, without divisions until an organiser sets them."""
        return [RULES]

    @hookimpl
    def judging_reports(self) -> Iterable[Report]:
        """The send-up list."""
        return [reports.SEND_UP]

    @hookimpl
    def judging_check_eligibility(self, rules: ContestRules, entry: Entry, today: date) -> Iterable[Problem]:
        """Every reason of eligibility.py."""
        return eligibility.check_eligibility(rules, entry, today)


plugin = YouthCreativity()
