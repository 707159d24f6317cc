"""Hands what a stop posted to the services, and says where to go next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from flask import flash, request, url_for

from judging.domain.values import Problem
from judging.errors import Refused
from judging.services.answers import read_answers
from judging.services.consents import record_consents
from judging.services.eligibility import today_in
from judging.services.entry_drafts import save_answers, save_place
from judging.services.entry_members import Person, read_people, save_people
from judging.web.context import actor, contest, entry, now, rules
from judging.web.entrant.answer_forms import PREFIX, posted_answers
from judging.web.entrant.people_links import contest_terms, posted_words
from judging.web.entrant.people_rows import Row, led_by, posted_rows, without
from judging.web.entrant.step_list import ABOUT, CONSENTS, PEOPLE, TEXT, fields_of, next_stop
from judging.web.formats import problem_sentence
from judging.web.i18n import locale
from judging.web.transaction import db


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What came of saving a stop: where to go on, what could not be read, and the rows of people as they were typed."""

    onward: str
    unreadable: tuple[Problem, ...] = ()
    rows: list[Row] = field(default_factory=list)

    def by_field(self) -> Mapping[str, Problem]:
        """The problems by the name of the form's field."""
        return {problem.where: problem for problem in self.form_problems()}

    def form_problems(self) -> Iterable[Problem]:
        """The problems, each at the form's field."""
        known = {each.key for each in rules().fields}
        return [
            replace(problem, where=PREFIX + problem.where) if problem.where in known else problem
            for problem in self.unreadable
        ]


def save_step(step: str) -> Saved:
    """Save what the request posted for this stop; what cannot be read is left as it was."""
    savers: Mapping[str, Callable[[str], Saved]] = {
        ABOUT: _save_answers, TEXT: _save_answers, PEOPLE: _save_people, CONSENTS: _save_consents,
    }  # fmt: skip
    saver = savers.get(step)
    return saver(step) if saver is not None else Saved(onward=_address(next_stop(rules(), step)))


def _save_answers(step: str) -> Saved:
    fields = fields_of(rules(), step)
    answers, problems = read_answers(fields, posted_answers(fields, request.form), locale=locale())
    if step == ABOUT:
        save_place(
            db(),
            entry=entry(),
            actor=actor(),
            rules=rules(),
            title=request.form.get("title", ""),
            category=request.form.get("category", ""),
            division=request.form.get("division", ""),
            now=now(),
        )
    save_answers(db(), entry=entry(), actor=actor(), answers=answers, now=now())
    return Saved(onward=_address(next_stop(rules(), step)), unreadable=problems)


def _save_people(step: str) -> Saved:
    rows = posted_rows(request.form)
    people, problems = read_people(rows, rules=rules(), locale=locale())
    act, _, place = request.form.get("action", "").partition("-")
    at = int(place) if place.isdecimal() and len(place) < 4 else -1
    if act == "remove":
        people, problems = without(people, at), tuple(p for p in problems if not p.where.startswith(f"members-{at}-"))
    elif act == "lead":
        people = led_by(people, at)
    save_people(db(), entry=entry(), actor=actor(), people=people, now=now())
    onward = _address(next_stop(rules(), step))
    if act in ("add", "remove", "lead"):
        onward = _address(step, rows=_filled(people) + 1 if act == "add" else None, anchor="people")
    return Saved(onward=onward, unreadable=problems, rows=rows)


def _filled(people: Iterable[Person]) -> int:
    return sum(not person.is_blank for person in people)


def _save_consents(step: str) -> Saved:
    try:
        with db().begin_nested():
            _record_own_words()
    except Refused as refused:
        flash(" ".join(problem_sentence(problem) for problem in refused.problems), "attention")
        return Saved(onward=_address(step, anchor="own"))
    if entry().state == "draft" or entry().state == "returned":
        return Saved(onward=_address(next_stop(rules(), step)))
    return Saved(onward=url_for("entrant.show", entry_id=entry().id))


def _record_own_words() -> None:
    terms, on = contest_terms(), today_in(contest(), now())
    for purpose, words in posted_words().items():
        record_consents(
            db(), entry=entry(), actor=actor(), terms=terms, words=words, locale=locale(), on=on, now=now(),
            purpose=purpose,
        )  # fmt: skip


def _address(step: str, *, rows: int | None = None, anchor: str | None = None) -> str:
    return url_for("entrant.step", entry_id=entry().id, step=step, rows=rows, _anchor=anchor)
