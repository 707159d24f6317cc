"""May I enter? Answered before the form, with the rule and the setting behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from judging.services.answers import Stored, Unreadable, read_answers, read_day
from judging.services.editions import why_suspended
from judging.services.eligibility import check_before_entering, deciding_fields
from judging.services.entries import begin_entry, takes_entries
from judging.services.entry_members import Person, save_people
from judging.web.contest_side import contest_context, public_contest
from judging.web.context import account, actor, contest, now, platform, rules
from judging.web.entrant.answer_forms import PREFIX, answer_form, layout_of, posted_answers
from judging.web.entrant.blueprint import blueprint
from judging.web.entrant.step_list import ABOUT
from judging.web.form_problems import show_problems
from judging.web.formats import sentence
from judging.web.i18n import locale
from judging.web.rule_texts import setting_lines
from judging.web.transaction import db

_REFUSED = 422
_KEPT = "entering"
_MOST_BIRTHS = 5


@blueprint.get("/contests/<slug>/enter")
@policy("public")
def eligibility(**_address: str) -> ResponseReturnValue:
    """The few questions that decide and, once they are answered, the verdict."""
    public_contest()
    kept = _kept()
    form = answer_form(deciding_fields(rules()), kept["answers"] if kept else {})
    problems = _problems(kept) if kept else None
    return _page(form, births=kept["births"] if kept else [], problems=problems)


@blueprint.post("/contests/<slug>/enter")
@policy("public")
def answer(**_address: str) -> ResponseReturnValue:
    """Check the answers. They wait in this browser's session until the entry is begun, and are stored nowhere else."""
    public_contest()
    fields = deciding_fields(rules())
    answers, problems = read_answers(fields, posted_answers(fields, request.form), locale=locale())
    typed = [request.form.get(f"born-{at}", "") for at in range(_births_asked())]
    births, wrong = _read_births(typed)
    if problems or wrong:
        form = answer_form(fields, {})
        show_problems(form, [Problem(code=p.code, message=p.message, where=PREFIX + p.where) for p in problems])
        return _page(form, births=typed, problems=None, wrong=wrong), _REFUSED
    session[_KEPT] = {"slug": contest().slug, "answers": answers, "births": [each.isoformat() for each in births]}
    return redirect(url_for("entrant.eligibility", slug=contest().slug, _anchor="verdict"))


@blueprint.post("/contests/<slug>/begin")
@policy("signed-in")
def begin(**_address: str) -> ResponseReturnValue:
    """Open a draft with what was answered, once the answers say that one may enter."""
    public_contest()
    kept = _kept()
    if kept is None or _problems(kept):
        flash(_("Answer these questions first. They say whether you may enter."), "attention")
        return redirect(url_for("entrant.eligibility", slug=contest().slug))
    made = begin_entry(
        db(), registry=platform().registry, contest=contest(), owner=account(), answers=kept["answers"], now=now()
    )
    born = [date.fromisoformat(each) for each in kept["births"]]
    if born:
        save_people(db(), entry=made, actor=actor(), people=[Person(born=each) for each in born], now=now())
    session.pop(_KEPT, None)
    return redirect(url_for("entrant.step", entry_id=made.id, step=ABOUT))


def _page(
    form: FlaskForm,
    *,
    births: Sequence[str],
    problems: Sequence[Problem] | None,
    wrong: Mapping[int, str] | None = None,
) -> str:
    shown, in_force = contest(), rules()
    asked = _births_asked()
    mine = (
        list_entries_in_contest(db(), contest=shown, account_id=account().id) if current_user.is_authenticated else ()
    )
    return render_template(
        "entrant/eligibility.html",
        **contest_context("enter"),
        form=form,
        layout=layout_of(deciding_fields(in_force)),
        births=[*births, *[""] * asked][:asked],
        wrong=wrong or {},
        problems=problems,
        settings=setting_lines(shown, in_force),
        open_now=takes_entries(shown, now()),
        suspended=why_suspended(platform().registry, shown) is not None,
        mine=mine,
    )


def _kept() -> dict[str, Any] | None:
    kept: dict[str, Any] | None = session.get(_KEPT)
    return kept if kept is not None and kept.get("slug") == contest().slug else None


def _problems(kept: Mapping[str, Any]) -> tuple[Problem, ...]:
    births = [
        (_("Author %(number)s", number=at), date.fromisoformat(each)) for at, each in enumerate(kept["births"], start=1)
    ]
    answers: Mapping[str, Stored] = kept["answers"]
    try:
        return check_before_entering(
            registry=platform().registry, contest=contest(), answers=answers, births=births, now=now()
        )
    except ContestSuspended:
        return (Problem(code="suspended", message=N_("The contest is suspended for now.")),)


def _births_asked() -> int:
    team = rules().team
    return min(team.high, _MOST_BIRTHS) if team.births else 0


def _read_births(typed: Sequence[str]) -> tuple[list[date], dict[int, str]]:
    births: list[date] = []
    wrong: dict[int, str] = {}
    for at, text in enumerate(typed):
        try:
            day = read_day(text)
        except Unreadable as unreadable:
            wrong[at] = sentence(unreadable.message)
            continue
        if day is not None:
            births.append(day)
    return births, wrong
