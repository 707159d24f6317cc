"""Whether an entry may take part: the core's checks joined to those of the plugin that owns the contest.

What is asked before the form is in services.entries.entering; the same hook decides both times.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from judging.db.models import Contest
from judging.db.models import Entry as EntryRow
from judging.domain.rules import ContestRules
from judging.domain.values import Entry, Problem
from judging.errors import N_, PluginError
from judging.plugins import Registry
from judging.services.contests.editions import rules_in_force
from judging.services.entries.age_checks import checked_items
from judging.services.entries.checks import MEMBERS, check_core
from judging.services.entries.draft_versions import draft_problems
from judging.services.entries.people.counting import with_linked_accounts
from judging.services.entries.people.guard import check_consents
from judging.services.entries.values import count_other_entries, entry_value

log = logging.getLogger(__name__)

CANNOT_TELL = Problem(
    code="cannot-tell",
    message=N_("It cannot be checked now whether this entry may take part. Ask the office; nothing you typed is lost."),
)


def today_in(contest: Contest, now: datetime) -> date:
    """The calendar day of `now` in the contest's zone: the day that age and other rules count from."""
    return now.astimezone(ZoneInfo(contest.zone)).date()


def check_entry(session: Session, *, registry: Registry, entry: EntryRow, now: datetime) -> tuple[Problem, ...]:
    """Every reason why the entry may not be submitted at `now`; empty when it may.

    Reads the entry's members and files. Raises ContestSuspended when the contest's rules are not in force.
    """
    rules = rules_in_force(registry, entry.contest)
    others = count_other_entries(session, entry=entry, names=[member.name for member in entry.members])
    counted = with_linked_accounts(session, entry=entry, counted=others)
    value = entry_value(rules, entry, others=counted, checked=checked_items(session, entry=entry, rules=rules))
    today = today_in(entry.contest, now)
    told = join_problems(check_core(rules, value), ask_plugin(registry, rules, value, today))
    lacking = check_consents(session, entry=entry, rules=rules, on=today)
    return (*told, *lacking, *draft_problems(session, entry=entry))


def ask_plugin(registry: Registry, rules: ContestRules, value: Entry, today: date) -> tuple[Problem, ...]:
    """The plugin's reasons. A plugin that fails means "no": nobody is let in by a check that did not run."""
    try:
        return registry.check_eligibility(rules, value, today)
    except PluginError:
        log.exception("eligibility could not be checked")
        return (CANNOT_TELL,)


def join_problems(core: Sequence[Problem], told: Sequence[Problem]) -> tuple[Problem, ...]:
    """Both lists, without telling twice that something is missing in the same place."""
    missing = {problem.where for problem in core if problem.code.endswith("-missing")} - {MEMBERS}
    return (*core, *(each for each in told if not (each.code.endswith("-missing") and each.where in missing)))
