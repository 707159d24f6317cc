"""May I enter? Answered before the form: yes, no, or "ask the office", each with the rule and the setting behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm

from judging.db.queries.entrant import list_entries_in_contest
from judging.domain.policy import policy
from judging.domain.values import Problem
from judging.errors import N_, ContestSuspended
from judging.services.contests.editions import why_suspended
from judging.services.contests.office_desk import find_desk
from judging.services.entries.answers import Unreadable, read_answers, read_day
from judging.services.entries.entering import (
    Asked,
    check_before_entering,
    deciding_fields,
    earlier_entries_decide,
    may_begin,
    verdict_of,
)
from judging.services.entries.life import begin_entry, takes_entries
from judging.services.entries.members import Person, save_people
from judging.web.contest_side import contest_context, public_contest
from judging.web.context import account, actor, contest, now, platform, rules
from judging.web.entrant.answer_forms import PREFIX, answer_form, layout_of, posted_answers
from judging.web.entrant.blueprint import blueprint
from judging.web.entrant.step_list import ABOUT
from judging.web.form_problems import show_problems
from judging.web.formats import problem_sentence, sentence
from judging.web.i18n import locale
from judging.web.rule_texts import deciding_line, setting_lines
from judging.web.transaction import db

_REFUSED = 422
_KEPT = "entering"
_MOST_BIRTHS = 5
_MOST = 1000
_COUNTS = ("people", "other_entries", "other_leads")
_SUSPENDED = Problem(code="suspended", message=N_("The contest is suspended for now."), ask=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The numbers and dates of the page as texts, with what is wrong with each."""

    births: Sequence[str]
    counts: Mapping[str, str]
    wrong: Mapping[str, str]
    dates_next: bool = False
    """Whether the dates are what is asked now that the size of the team is known."""


@blueprint.get("/contests/<slug>/enter")
@policy("public")
def eligibility(**_address: str) -> ResponseReturnValue:
    """The few questions that decide and, once they are answered, the verdict."""
    public_contest()
    kept = _kept()
    form = answer_form(deciding_fields(rules()), kept["answers"] if kept else {})
    counts = {name: str(kept.get(name, "")) for name in _COUNTS} if kept else _first_counts()
    typed = Typed(births=kept["births"] if kept else [], counts=counts, wrong={})
    return _page(form, typed, problems=_problems(kept) if kept else None)


@blueprint.post("/contests/<slug>/enter")
@policy("public")
def answer(**_address: str) -> ResponseReturnValue:
    """Check the answers. They wait in this browser's session until the entry is begun, and are stored nowhere else."""
    public_contest()
    fields = deciding_fields(rules())
    answers, problems = read_answers(fields, posted_answers(fields, request.form), locale=locale())
    first = _first_counts()
    typed = Typed(
        births=[request.form.get(f"born-{at}", "") for at in range(_most_births())],
        counts={name: request.form.get(name, first[name]) for name in _COUNTS},
        wrong={},
    )
    births, wrong = _read_births(typed.births)
    counts = {name: int(text) for name, text in typed.counts.items() if text.isdecimal() and int(text) <= _MOST}
    wrong |= {name: _("Write a whole number, like 2.") for name in _COUNTS if name not in counts}
    if problems or wrong:
        form = answer_form(fields, {})
        show_problems(form, [Problem(code=p.code, message=p.message, where=PREFIX + p.where) for p in problems])
        return _page(form, Typed(births=typed.births, counts=typed.counts, wrong=wrong), problems=None), _REFUSED
    if _lacks_dates(counts["people"]):
        # A date is asked for each author once it is known how many they are; what was answered stays.
        return _page(answer_form(fields, answers), replace(typed, dates_next=True), problems=None)
    session[_KEPT] = {
        "slug": contest().slug, "answers": answers, "births": [each.isoformat() for each in births], **counts,
    }  # fmt: skip
    return redirect(url_for("entrant.eligibility", slug=contest().slug, _anchor="verdict"))


@blueprint.post("/contests/<slug>/begin")
@policy("signed-in")
def begin(**_address: str) -> ResponseReturnValue:
    """Open a draft with what was answered, once the answers say that one may enter or that the office decides."""
    public_contest()
    kept = _kept()
    if kept is None or not may_begin(_problems(kept)):
        flash(_("Answer these questions first. They say whether you may enter."), "attention")
        return redirect(url_for("entrant.eligibility", slug=contest().slug))
    made = begin_entry(
        db(), registry=platform().registry, contest=contest(), owner=account(), answers=kept["answers"], now=now()
    )  # fmt: skip
    born = [date.fromisoformat(each) for each in kept["births"]]
    if born:
        save_people(db(), entry=made, actor=actor(), people=[Person(born=each) for each in born], now=now())
    session.pop(_KEPT, None)
    return redirect(url_for("entrant.step", entry_id=made.id, step=ABOUT))


def _page(form: FlaskForm, typed: Typed, *, problems: Sequence[Problem] | None) -> str:
    shown, in_force = contest(), rules()
    asked = _births_asked(typed)
    mine = (
        list_entries_in_contest(db(), contest=shown, account_id=account().id) if current_user.is_authenticated else ()
    )
    return render_template(
        "entrant/eligibility.html",
        **contest_context("enter"),
        form=form,
        layout=layout_of(deciding_fields(in_force)),
        births=[*typed.births, *[""] * asked][:asked],
        counts=typed.counts,
        dates_next=typed.dates_next,
        earlier_decide=earlier_entries_decide(platform().registry, shown, now()),
        wrong=typed.wrong,
        verdict=verdict_of(problems).value if problems is not None else None,
        reasons=[_reason(problem) for problem in problems or ()],
        may_begin=problems is not None and may_begin(problems),
        desk=find_desk(db(), contest=shown),
        settings=setting_lines(shown, in_force),
        open_now=takes_entries(shown, now()),
        suspended=why_suspended(platform().registry, shown) is not None,
        mine=mine,
    )


def _reason(problem: Problem) -> dict[str, Any]:
    """A reason with the setting behind it, and where on this page its answer is typed."""
    own = {field.key for field in deciding_fields(rules())}
    return {
        "sentence": problem_sentence(problem),
        "asks": problem.ask,
        "setting": deciding_line(contest(), rules(), problem.setting) if problem.setting else None,
        "anchor": PREFIX + problem.where if problem.where in own else "people" if problem.where else "",
    }


def _kept() -> dict[str, Any] | None:
    kept: dict[str, Any] | None = session.get(_KEPT)
    return kept if kept is not None and kept.get("slug") == contest().slug else None


def _problems(kept: Mapping[str, Any]) -> tuple[Problem, ...]:
    births = [
        (_("Author %(number)s", number=at), date.fromisoformat(each)) for at, each in enumerate(kept["births"], start=1)
    ]
    asked = Asked(
        answers=kept["answers"],
        births=births,
        people=max(kept.get("people") or rules().team.low, len(births)),
        other_entries=kept.get("other_entries", 0),
        other_leads=kept.get("other_leads", 0),
    )
    try:
        return check_before_entering(registry=platform().registry, contest=contest(), asked=asked, now=now())
    except ContestSuspended:
        return (_SUSPENDED,)


def _first_counts() -> dict[str, str]:
    return {"people": str(rules().team.low), "other_entries": "0", "other_leads": "0"}


def _most_births() -> int:
    team = rules().team
    return min(team.high, _MOST_BIRTHS) if team.births else 0


def _births_asked(typed: Typed) -> int:
    """One date for each author that the team is said to have, and none less than were typed."""
    people = typed.counts.get("people", "")
    said = int(people) if people.isdecimal() and int(people) <= _MOST else rules().team.low
    filled = max((at for at, born in enumerate(typed.births, start=1) if born), default=0)
    return min(max(said, filled, 1), _most_births())


def _lacks_dates(people: int) -> bool:
    """Whether the page that was sent had fewer dates than there are authors, in a team that the rules allow."""
    team = rules().team
    shown = sum(f"born-{at}" in request.form for at in range(_most_births()))
    return team.low <= people <= team.high and shown < min(people, _most_births())


def _read_births(typed: Sequence[str]) -> tuple[list[date], dict[str, str]]:
    births: list[date] = []
    wrong: dict[str, str] = {}
    for at, text in enumerate(typed):
        try:
            day = read_day(text)
        except Unreadable as unreadable:
            wrong[f"born-{at}"] = sentence(unreadable.message)
            continue
        if day is not None:
            births.append(day)
    return births, wrong
