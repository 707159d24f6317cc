"""The edges of each kind's rules, asked before the form where it asks, and again when the entry is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from judging.api import hookimpl
from judging.db.models import Contest
from judging.domain.values import Problem
from judging.plugins import Registry
from judging.services.core_plugin import CorePlugin
from judging.services.entries.eligibility import CANNOT_TELL, check_entry
from judging.services.entries.entering import (
    Asked,
    Verdict,
    check_before_entering,
    earlier_entries_decide,
    may_begin,
    verdict_of,
)
from judging.services.entries.values import name_key
from tests.factories import NOW, make_contest, make_entry

YOUTH, TECHNICAL, STARTUP = "youth-creativity", "technical-innovation", "startup"
TODAY = date(2021, 10, 20)
FIRST, LAST = date(2003, 7, 15), date(2015, 7, 31)
DAY = timedelta(days=1)
WINDOW = {"born_from": FIRST.isoformat(), "born_until": LAST.isoformat()}
NAME = "Nông Mẫu Bình"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One edge: the edition's settings, what the entry says, and the codes of the reasons that must be told of it.

    `others` are other entries of the first author, True for one that they lead. `asked` is False where the page before
    the form does not ask for it.
    """

    codes: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    born: tuple[date, ...] = ()
    people: int = 1
    shares: tuple[str, ...] = ()
    others: tuple[bool, ...] = ()
    asked: bool = True
    now: datetime = NOW


OWN: Mapping[str, Any] = {"own_work": True}
APPLIED: Mapping[str, Any] = {"created_year": 2018, "applied_year": 2019, "prized": False, "applicant": "person"}
FIRM: Mapping[str, Any] = {"applicant": "person", "registered": True}


def born(*days: date, **values: Any) -> Case:
    return Case(born=days, people=len(days), answers=OWN, settings={**WINDOW, **values.pop("settings", {})}, **values)


def firm(day: date, *codes: str, now: datetime = NOW) -> Case:
    return Case(answers={**FIRM, "registered_on": day.isoformat()}, codes=codes, now=now)


YOUTH_CASES = {
    "day before the first birth date": born(FIRST - DAY, codes=("too-old",)),
    "first birth date": born(FIRST),
    "last birth date": born(LAST),
    "day after the last birth date": born(LAST + DAY, codes=("too-young",)),
    "day after the last, soft lower bound": born(LAST + DAY, settings={"soft_lower": True}),
    "too old, soft lower bound": born(FIRST - DAY, settings={"soft_lower": True}, codes=("too-old",)),
    "team of 1": born(FIRST),
    "team of 5": born(*[FIRST] * 5),
    "team of 6": born(*[FIRST] * 6, codes=("too-many-people",)),
    "shares of 99.99": born(FIRST, FIRST, shares=("50", "49.99"), codes=("shares-sum",), asked=False),
    "shares of 100": born(FIRST, FIRST, shares=("50.01", "49.99"), asked=False),
    "third entry of an author": born(FIRST, others=(False, False)),
    "fourth entry of an author": born(FIRST, others=(False, False, False), codes=("too-many-entries",)),
    "second entry led": born(FIRST, others=(True,)),
    "third entry led": born(FIRST, others=(True, True), codes=("too-many-leads",)),
    "adults made it": Case(born=(FIRST,), settings=WINDOW, answers={"own_work": False}, codes=("own-work",)),
}
TECHNICAL_CASES = {
    "created and applied in the first year": Case(answers={**APPLIED, "created_year": 2016, "applied_year": 2016}),
    "created a year too early": Case(answers={**APPLIED, "created_year": 2015}, codes=("created-too-early",)),
    "applied a year too early": Case(
        answers={**APPLIED, "created_year": 2015, "applied_year": 2015},
        codes=("applied-too-early", "created-too-early"),
    ),
    "first year as set": Case(
        answers={**APPLIED, "created_year": 2012, "applied_year": 2012}, settings={"applied_since": 2012}
    ),
    "year before the one set": Case(
        answers={**APPLIED, "created_year": 2011}, settings={"applied_since": 2012}, codes=("created-too-early",)
    ),
    "applied this year": Case(answers={**APPLIED, "applied_year": 2021}),
    "not applied yet": Case(answers={**APPLIED, "applied_year": 2022}, codes=("not-applied-yet",)),
    "prized before": Case(answers={**APPLIED, "prized": True}, codes=("already-prized",)),
    "team of 5": Case(answers=APPLIED, people=5, settings={"team": {"low": 1, "high": 5}}),
    "team of 6": Case(answers=APPLIED, people=6, settings={"team": {"low": 1, "high": 5}}, codes=("too-many-people",)),
    "shares of 99.99": Case(answers=APPLIED, people=2, shares=("50", "49.99"), codes=("shares-sum",), asked=False),
    "shares of 100": Case(answers=APPLIED, people=2, shares=("50.01", "49.99"), asked=False),
}
STARTUP_CASES = {
    "idea without a firm": Case(answers={"applicant": "person", "registered": False}),
    "firm of 5 years less a day": firm(date(2016, 10, 21)),
    "firm of 5 years": firm(date(2016, 10, 20)),
    "firm of 5 years and a day": firm(date(2016, 10, 19), "firm-too-old"),
    "registered on 29 February, last day": firm(
        date(2016, 2, 29), now=datetime.fromisoformat("2021-02-28T12:00+07:00")
    ),
    "registered on 29 February, day after": firm(
        date(2016, 2, 29), "firm-too-old", now=datetime.fromisoformat("2021-03-01T00:00+07:00")
    ),
    "firm of tomorrow": firm(TODAY + DAY, "not-registered-yet"),
    "leader of one": Case(answers={"applicant": "person", "registered": False}, others=(False,)),
    "leader of two": Case(
        answers={"applicant": "person", "registered": False}, others=(True,), codes=("too-many-leads",)
    ),
    "third entry of a person": Case(answers={"applicant": "person", "registered": False}, others=(False, False)),
    "fourth entry of a person": Case(
        answers={"applicant": "person", "registered": False}, others=(False,) * 3, codes=("too-many-entries",)
    ),
    "team of 5": Case(answers={"applicant": "person"}, people=5, settings={"team": {"low": 1, "high": 5}}),
    "team of 6": Case(
        answers={"applicant": "person"}, people=6, settings={"team": {"low": 1, "high": 5}},
        codes=("too-many-people",),
    ),
    "team of 4 where 3 are allowed": Case(
        answers={"applicant": "person"}, people=4, settings={"team": {"low": 1, "high": 3}},
        codes=("too-many-people",),
    ),
}  # fmt: skip
ALL = [
    pytest.param(kind, case, id=f"{kind}: {name}")
    for kind, cases in ((YOUTH, YOUTH_CASES), (TECHNICAL, TECHNICAL_CASES), (STARTUP, STARTUP_CASES))
    for name, case in cases.items()
]
DECISIVE = {
    code for cases in (YOUTH_CASES, TECHNICAL_CASES, STARTUP_CASES) for case in cases.values() for code in case.codes
}


def contest_of(session: Session, registry: Registry, kind: str, case: Case) -> Contest:
    settings = dict(case.settings)
    if "team" in settings:
        team = registry.rules(kind).team
        settings["team"] = {"shares": team.shares, "births": team.births, **settings["team"]}
    return make_contest(session, registry, kind=kind, settings=settings)


def decisive(problems: tuple[Problem, ...]) -> tuple[str, ...]:
    return tuple(sorted({problem.code for problem in problems} & DECISIVE))


@pytest.mark.parametrize(("kind", "case"), ALL)
def test_edge_is_decided_alike_before_the_form_and_at_submission(
    session: Session, registry: Registry, kind: str, case: Case
) -> None:
    contest = contest_of(session, registry, kind, case)
    rules = registry.rules(kind)
    days = case.born or (FIRST,) * case.people
    births = [(f"Author {at}", day) for at, day in enumerate(days, start=1) if rules.team.births]
    asked = Asked(
        answers=case.answers, births=births, people=case.people, other_entries=len(case.others),
        other_leads=sum(case.others),
    )  # fmt: skip
    # A contest of few people may have any shares; theirs are even unless the case is about them.
    shares = [Decimal(share) for share in case.shares] or [Decimal(100) / case.people] * case.people
    members = [
        {"name": f"{NAME} {at}" if at else NAME, "born": day if rules.team.births else None, "share": share}
        for at, (day, share) in enumerate(zip(days, shares, strict=True))
    ]
    entry = make_entry(
        session, contest, state="draft", submitted_at=None, answers=dict(case.answers),
        members=[{**member, "name_key": name_key(str(member["name"]))} for member in members],
    )  # fmt: skip
    for leads in case.others:
        own = {**members[0], "name_key": name_key(NAME)}
        another = {"name": "Lò Mẫu An", "name_key": name_key("Lò Mẫu An"), "born": FIRST}
        make_entry(session, contest, members=(own, another) if leads else (another, own))
    session.refresh(entry)

    before = check_before_entering(registry=registry, contest=contest, asked=asked, now=case.now)
    at_submission = check_entry(session, registry=registry, entry=entry, now=case.now)

    assert decisive(at_submission) == tuple(sorted(case.codes))
    if case.asked:
        assert decisive(before) == tuple(sorted(case.codes))
        assert verdict_of(before) is (Verdict.NO if case.codes else Verdict.YES), before
        assert may_begin(before) is not bool(case.codes)


@pytest.mark.parametrize(
    ("kind", "asked", "codes"),
    [
        (YOUTH, Asked(answers=OWN, births=[("1", FIRST)], people=2), ["births-missing"]),
        (TECHNICAL, Asked(answers={"prized": False}, births=[("1", FIRST)]), ["answer-missing", "answer-missing"]),
        (STARTUP, Asked(answers=FIRM), ["registration-date-missing"]),
    ],
)
def test_fact_that_is_missing_is_for_the_office_to_say(
    session: Session, registry: Registry, kind: str, asked: Asked, codes: list[str]
) -> None:
    contest = make_contest(session, registry, kind=kind)

    problems = check_before_entering(registry=registry, contest=contest, asked=asked, now=NOW)

    assert [problem.code for problem in problems] == codes
    assert verdict_of(problems) is Verdict.ASK
    assert not may_begin(problems)


def test_reasons_name_the_setting_behind_them(session: Session, registry: Registry) -> None:
    contest = make_contest(session, registry, settings=WINDOW)
    asked = Asked(
        answers=OWN, births=[("1", FIRST - DAY), ("2", LAST + DAY)], people=6, other_entries=3, other_leads=2
    )  # fmt: skip

    problems = check_before_entering(registry=registry, contest=contest, asked=asked, now=NOW)

    assert {problem.code: problem.setting for problem in problems if not problem.ask} == {
        "too-many-people": "team",
        "too-old": "born_from",
        "too-young": "born_until",
        "too-many-entries": "entries_per_author",
        "too-many-leads": "leads_per_author",
    }


@pytest.mark.parametrize(("kind", "decides"), [(YOUTH, True), (TECHNICAL, False), (STARTUP, True)])
def test_earlier_entries_are_asked_for_where_they_decide(
    session: Session, registry: Registry, kind: str, decides: bool
) -> None:
    contest = make_contest(session, registry, kind=kind)

    assert earlier_entries_decide(registry, contest, NOW) is decides


class Failing:
    """A plugin of the youth contest whose check fails, or that leaves the decision to the office."""

    judging_api = 1

    def __init__(self, rules: Any, told: Any) -> None:
        self._rules, self._told = rules, told

    @hookimpl
    def judging_contests(self) -> Any:
        return [self._rules]

    @hookimpl
    def judging_check_eligibility(self) -> Any:
        if isinstance(self._told, Exception):
            raise self._told
        return self._told


def registry_of(registry: Registry, told: Any) -> Registry:
    made = Registry()
    made.register(CorePlugin(), name="core")
    assert made.register(Failing(registry.rules(YOUTH), told), name="failing")
    return made


def test_check_that_cannot_be_made_asks_before_the_form_and_refuses_at_submission(
    session: Session, registry: Registry
) -> None:
    broken = registry_of(registry, ZeroDivisionError())
    contest = make_contest(session, registry)
    asked = Asked(answers=OWN, births=[("1", FIRST)])

    problems = check_before_entering(registry=broken, contest=contest, asked=asked, now=NOW)

    assert [problem.code for problem in problems] == [CANNOT_TELL.code]
    assert verdict_of(problems) is Verdict.ASK
    assert not may_begin(problems)
    entry = make_entry(session, contest, state="draft")
    assert CANNOT_TELL in check_entry(session, registry=broken, entry=entry, now=NOW)


def test_question_of_a_plugin_is_for_the_office_and_keeps_nobody_out(session: Session, registry: Registry) -> None:
    question = Problem(code="border", message="The school lies across the border.", ask=True)
    asking = registry_of(registry, [question])
    contest = make_contest(session, registry)

    problems = check_before_entering(
        registry=asking, contest=contest, asked=Asked(answers=OWN, births=[("1", FIRST)]), now=NOW
    )

    assert problems == (question,)
    assert verdict_of(problems) is Verdict.ASK
    assert may_begin(problems)
