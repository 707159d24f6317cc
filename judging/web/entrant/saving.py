"""Hands what a stop posted to the services, and says where to go next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import flash, request, url_for

from judging.domain.values import Problem
from judging.errors import Refused
from judging.services.entries.answers import read_answers
from judging.services.entries.consents import record_consents
from judging.services.entries.draft_saving import (
    PLACE,
    SavedDraft,
    row_ids,
    save_typed_fields,
    save_typed_people,
    take_waiting_text,
)
from judging.services.entries.drafts import save_answers, save_place
from judging.services.entries.eligibility import today_in
from judging.services.entries.members import read_people, save_people
from judging.web.context import actor, contest, entry, now, rules
from judging.web.entrant.answer_forms import PREFIX, posted_answers
from judging.web.entrant.draft_page import Names, field_names, row_names, started_from
from judging.web.entrant.people_links import contest_terms, posted_words
from judging.web.entrant.people_rows import Row, led_by, moved_to_front, posted_rows, without
from judging.web.entrant.step_list import ABOUT, CONSENTS, PEOPLE, TEXT, fields_of, next_stop
from judging.web.formats import problem_sentence
from judging.web.i18n import locale
from judging.web.transaction import db


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What came of saving a stop: where to go on, what could not be read, and the rows of people as they were typed.

    `draft` says how it was merged with what other devices did, with `names` of its fields; None when nothing was.
    """

    onward: str
    unreadable: tuple[Problem, ...] = ()
    rows: list[Row] = field(default_factory=list)
    draft: SavedDraft | None = None
    names: Names = field(default_factory=dict)

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

    @property
    def clashing(self) -> Sequence[str]:
        """The form's fields in which another device typed something else."""
        clashes = self.draft.merge.clashes if self.draft is not None else {}
        return [shown for shown, name in self.names.items() if name in clashes]


def save_step(step: str) -> Saved:
    """Save what the request posted for this stop; what cannot be read is left as it was."""
    savers: Mapping[str, Callable[[str], Saved]] = {
        ABOUT: _save_fields, TEXT: _save_fields, PEOPLE: _save_rows, CONSENTS: _save_consents,
    }  # fmt: skip
    saver = savers.get(step)
    if saver is None:
        return Saved(onward=_address(next_stop(rules(), step)))
    saved = saver(step)
    act, _, text_id = request.form.get("action", "").partition("-")
    if act in ("take", "leave"):
        take_waiting_text(
            db(), entry=entry(), actor=actor(), rules=rules(), text_id=text_id, take=act == "take", now=now()
        )  # fmt: skip
        return replace(saved, onward=_address(step))
    if saved.clashing:
        return replace(saved, onward=_address(step, anchor=saved.clashing[0]))
    return saved


def _save_fields(step: str) -> Saved:
    fields = fields_of(rules(), step)
    names = field_names(fields, place=step == ABOUT)
    started = started_from(names)
    if started is None:
        return _write_answers(step)
    place = {name: request.form.get(name, "") for name in PLACE} if step == ABOUT else None
    saved = save_typed_fields(
        db(), entry=entry(), actor=actor(), rules=rules(), fields=fields, place=place, started=started,
        answers=posted_answers(fields, request.form), locale=locale(), now=now(),
    )  # fmt: skip
    return Saved(
        onward=_address(next_stop(rules(), step)), unreadable=tuple(saved.unread.values()), draft=saved, names=names
    )


def _save_rows(step: str) -> Saved:
    rows = posted_rows(request.form)
    ids = row_ids(db(), entry=entry(), rows=rows)
    names = row_names(ids)
    started = started_from(names)
    if started is None:
        return _write_people(step)
    act, at = _row_act()
    typed = [{**row, "id": member_id} for row, member_id in zip(rows, ids, strict=True)]
    if act == "remove" and 0 <= at < len(typed):
        typed[at] = {**dict.fromkeys(typed[at], ""), "id": typed[at]["id"]}
    elif act == "lead":
        typed = moved_to_front(typed, at)
    saved = save_typed_people(
        db(), entry=entry(), actor=actor(), rules=rules(), rows=typed, started=started, locale=locale(), now=now()
    )
    # A problem names the place of a row, and the row may have moved.
    wrong = tuple(
        replace(problem, where=shown)
        for shown, name in names.items()
        if (problem := saved.unread.get(name)) is not None
    )
    return Saved(
        onward=_onward(step, act, len(entry().members)), unreadable=wrong, rows=rows, draft=saved, names=names
    )  # fmt: skip


def _onward(step: str, act: str, people: int) -> str:
    if act in ("add", "remove", "lead"):
        return _address(step, rows=people + 1 if act == "add" else None, anchor="people")
    return _address(next_stop(rules(), step))


def _row_act() -> tuple[str, int]:
    act, _, place = request.form.get("action", "").partition("-")
    return act, int(place) if place.isdecimal() and len(place) < 4 else -1


def _write_answers(step: str) -> Saved:
    """Write what a form posted that does not say what it started from."""
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


def _write_people(step: str) -> Saved:
    """The same for people: whoever is not among the rows is taken off."""
    rows = posted_rows(request.form)
    people, problems = read_people(rows, rules=rules(), locale=locale())
    act, at = _row_act()
    if act == "remove":
        people, problems = without(people, at), tuple(p for p in problems if not p.where.startswith(f"members-{at}-"))
    elif act == "lead":
        people = led_by(people, at)
    save_people(db(), entry=entry(), actor=actor(), people=people, now=now())
    filled = sum(not person.is_blank for person in people)
    return Saved(onward=_onward(step, act, filled), unreadable=problems, rows=rows)


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
