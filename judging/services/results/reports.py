"""Tables that plugins offer to the office, made from the standings of the last round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from judging.errors import N_, NotFound
from judging.services.contests.editions import rules_in_force
from judging.services.results.standings import round_standings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.strategies import Report
    from judging.plugins import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTable:
    """A report with its rows, as many cells in each as there are columns. `aliases` are the entries it may name."""

    report: Report
    rows: Sequence[Sequence[str]]
    aliases: frozenset[str]


def list_reports(registry: Registry, contest: Contest) -> list[Report]:
    """The reports for this contest: those of its own plugin, and those of plugins without a kind."""
    return list(registry.reports_for(contest.kind).values())


def make_report(session: Session, *, registry: Registry, contest: Contest, key: str) -> ReportTable:
    """The report over the entries of the last round whose sheets are all in; marks still to come stay unknown.

    Raises NotFound for a report that is not for this contest, PluginError when its code fails, and ContestSuspended.
    """
    report = registry.reports_for(contest.kind).get(key)
    if report is None:
        raise NotFound(N_("There is nothing here."))
    rules = rules_in_force(registry, contest)
    standings = round_standings(
        session, registry=registry, contest=contest, round_key=rules.rounds[-1].key, only_locked=True
    )
    return ReportTable(
        report=report, rows=report.rows(rules, standings), aliases=frozenset(one.entry for one in standings)
    )
