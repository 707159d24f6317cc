"""May I enter? Answered before the form: yes, no, or "ask the office", by the hook that decides again at submission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from judging.db.models import Contest
from judging.domain.fields import EntryField, FieldKind
from judging.domain.rules import ContestRules
from judging.domain.values import Entry, Member, Problem
from judging.errors import N_
from judging.plugins import Registry
from judging.services.contests.editions import contest_rules, rules_in_force
from judging.services.entries.answers import Stored, typed_answers
from judging.services.entries.checks import MEMBERS, check_team_size
from judging.services.entries.eligibility import CANNOT_TELL, ask_plugin, join_problems, today_in

_MISSING = "-missing"
_MANY = 1_000_000


class Verdict(StrEnum):
    """The answer to "may I enter?"."""

    YES = "yes"
    NO = "no"
    ASK = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was answered before the form.

    `births` are (how the person is called on the page, birth date). `people` is the size of the team, None for as many
    as there are birth dates; `other_entries` and `other_leads` are what the first author has in this contest besides.
    """

    answers: Mapping[str, Stored] = field(default_factory=dict)
    births: Sequence[tuple[str, date]] = ()
    people: int | None = None
    other_entries: int = 0
    other_leads: int = 0


def deciding_fields(rules: ContestRules) -> tuple[EntryField, ...]:
    """The questions that the eligibility page asks before the form."""
    return tuple(field for field in rules.fields if field.decides)


def earlier_entries_decide(registry: Registry, contest: Contest, now: datetime) -> bool:
    """Whether it matters how many entries an author has already: only then is it asked.

    The kind is asked about an author who has very many and one who has none.
    """
    rules = contest_rules(registry, contest)

    def codes(count: int) -> set[str]:
        lead = Member(name="", is_lead=True, other_entries=count, other_leads=count)
        value = Entry(id="", alias="", title="", category="", members=(lead,))
        return {problem.code for problem in ask_plugin(registry, rules, value, today_in(contest, now))}

    return codes(_MANY) != codes(0)


def check_before_entering(*, registry: Registry, contest: Contest, asked: Asked, now: datetime) -> tuple[Problem, ...]:
    """Every reason why people with these answers may not enter, as far as it was asked; with `ask` the office decides.

    A fact that is missing, and a check that could not be made, refuse nobody here: they are for the office to say.
    Problems with what was not asked are left out. Raises ContestSuspended.
    """
    rules = rules_in_force(registry, contest)
    fields = deciding_fields(rules)
    people = asked.people if asked.people is not None else max(len(asked.births), rules.team.low)
    value = _value(fields, asked, people)
    told = ask_plugin(registry, rules, value, today_in(contest, now))
    concerned = {one.key for one in fields} | {MEMBERS, ""}
    # Who has given no birth date is told so once, and not for each of them.
    of_members = [one for one in told if one.where in concerned and one.code != "born-missing"]
    size = tuple(check_team_size(rules, people))
    problems = join_problems((*_unanswered(rules, fields, value, people), *size), of_members)
    return tuple(replace(one, ask=True) if _is_open(one) else one for one in problems)


def verdict_of(problems: Sequence[Problem]) -> Verdict:
    """No when a rule speaks against it, else "ask" when something is open, else yes."""
    if any(not problem.ask for problem in problems):
        return Verdict.NO
    return Verdict.ASK if problems else Verdict.YES


def may_begin(problems: Sequence[Problem]) -> bool:
    """Whether a draft may be begun: nothing speaks against it, and all that was asked was answered and checked."""
    return all(problem.ask and not _is_open(problem) for problem in problems)


def _is_open(problem: Problem) -> bool:
    return problem.code.endswith(_MISSING) or problem.code in (CANNOT_TELL.code, "suspended")


def _value(fields: Sequence[EntryField], asked: Asked, people: int) -> Entry:
    members = [Member(name=name, born=born, is_lead=not at) for at, (name, born) in enumerate(asked.births)]
    members += [Member(name="", is_lead=not members and not at) for at in range(min(people, 50) - len(members))]
    if members:
        members[0] = replace(members[0], other_entries=asked.other_entries, other_leads=asked.other_leads)
    return Entry(
        id="", alias="", title="", category="", answers=typed_answers(fields, asked.answers), members=tuple(members)
    )


def _unanswered(rules: ContestRules, fields: Sequence[EntryField], value: Entry, people: int) -> list[Problem]:
    problems = [
        Problem(
            code="answer-missing",
            message=N_("“%(field)s” is not answered. Without it nobody can tell."),
            params={"field": one.label},
            where=one.key,
        )
        for one in fields
        if one.required and one.kind is not FieldKind.BOOLEAN and one.key not in value.answers
    ]
    known = sum(member.born is not None for member in value.members)
    if rules.team.births and known < min(people, rules.team.high):
        problems.append(
            Problem(code="births-missing", message=N_("Give the birth date of every author."), where=MEMBERS)
        )
    return problems
