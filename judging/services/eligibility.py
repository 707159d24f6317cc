"""Whether an entry may take part: the core's checks joined to those of the plugin that owns the contest."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from judging.db.models import Contest
from judging.db.models import Entry as EntryRow
from judging.domain.fields import EntryField, FieldKind
from judging.domain.rules import ContestRules
from judging.domain.values import Entry, Member, Problem
from judging.errors import N_, PluginError
from judging.plugins import Registry
from judging.services.answers import Stored, typed_answers
from judging.services.draft_versions import draft_problems
from judging.services.editions import rules_in_force
from judging.services.entry_checks import MEMBERS, check_core
from judging.services.entry_values import count_other_entries, entry_value

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
    value = entry_value(rules, entry, others=others)
    told = _ask_plugin(registry, rules, value, today_in(entry.contest, now))
    return (*_joined(check_core(rules, value), told), *draft_problems(session, entry=entry))


def deciding_fields(rules: ContestRules) -> tuple[EntryField, ...]:
    """The questions that the eligibility page asks before the form."""
    return tuple(field for field in rules.fields if field.decides)


def check_before_entering(
    *,
    registry: Registry,
    contest: Contest,
    answers: Mapping[str, Stored],
    births: Sequence[tuple[str, date]],
    now: datetime,
) -> tuple[Problem, ...]:
    """Whether people with these answers may enter at all: every reason against it, as far as it was asked.

    `births` are (how the person is called on the page, birth date). Problems with what was not asked are left out.
    Raises ContestSuspended.
    """
    rules = rules_in_force(registry, contest)
    fields = deciding_fields(rules)
    value = Entry(
        id="",
        alias="",
        title="",
        category="",
        answers=typed_answers(fields, answers),
        members=tuple(Member(name=name, born=born, is_lead=not at) for at, (name, born) in enumerate(births)),
    )
    asked = {field.key for field in fields} | ({MEMBERS} if rules.team.births else set()) | {""}
    told = _ask_plugin(registry, rules, value, today_in(contest, now))
    return _joined(_unanswered(rules, fields, value), [problem for problem in told if problem.where in asked])


def _unanswered(rules: ContestRules, fields: Sequence[EntryField], value: Entry) -> list[Problem]:
    problems = [
        Problem(code="answer-missing", message=N_("Answer this question first."), where=field.key)
        for field in fields
        if field.required and field.kind is not FieldKind.BOOLEAN and field.key not in value.answers
    ]
    if rules.team.births and len(value.members) < rules.team.low:
        problems.append(
            Problem(code="births-missing", message=N_("Give the birth date of every author."), where=MEMBERS)
        )
    return problems


def _ask_plugin(registry: Registry, rules: ContestRules, value: Entry, today: date) -> tuple[Problem, ...]:
    """The plugin's reasons. A plugin that fails means "no": nobody is let in by a check that did not run."""
    try:
        return registry.check_eligibility(rules, value, today)
    except PluginError:
        log.exception("eligibility could not be checked")
        return (CANNOT_TELL,)


def _joined(core: Sequence[Problem], told: Sequence[Problem]) -> tuple[Problem, ...]:
    """Both lists, without telling twice that something is missing in the same place."""
    missing = {problem.where for problem in core if problem.code.endswith("-missing")} - {MEMBERS}
    return (*core, *(each for each in told if not (each.code.endswith("-missing") and each.where in missing)))
