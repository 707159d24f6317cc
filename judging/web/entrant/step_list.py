"""The stops of the entry form, and at which of them a problem is mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext

from judging.db.models import Entry
from judging.domain.fields import EntryField, FieldKind
from judging.domain.rules import ContestRules
from judging.domain.values import Problem
from judging.errors import N_
from judging.services.entries import places
from judging.web.formats import label, problem_sentence

ABOUT, PEOPLE, TEXT = places.ABOUT, places.PEOPLE, places.TEXT
FILES, CONSENTS, REVIEW = places.FILES, places.CONSENTS, places.REVIEW

_LABELS = {
    ABOUT: N_("About the entry"),
    PEOPLE: N_("Authors"),
    TEXT: N_("Description"),
    FILES: N_("Files"),
    CONSENTS: N_("Consents"),
    REVIEW: N_("Check and hand in"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A problem with its sentence, and the link to where it is mended."""

    sentence: str
    label: str
    step: str
    url: str


def fields_of(rules: ContestRules, step: str) -> tuple[EntryField, ...]:
    """The questions that a stop asks: long texts have one of their own."""
    long_texts = step == TEXT
    if step not in (ABOUT, TEXT):
        return ()
    return tuple(field for field in rules.fields if (field.kind is FieldKind.LONG_TEXT) == long_texts)


def stops(rules: ContestRules) -> tuple[str, ...]:
    """The stops that this contest needs, in order."""
    unneeded = set()
    if not fields_of(rules, TEXT):
        unneeded.add(TEXT)
    if not rules.dossier:
        unneeded.add(FILES)
    return tuple(step for step in _LABELS if step not in unneeded)


def step_label(step: str) -> str:
    """What a stop is called."""
    return gettext(_LABELS[step])


def next_stop(rules: ContestRules, step: str) -> str:
    """The stop after this one; the last leads to itself."""
    all_stops = stops(rules)
    return all_stops[min(all_stops.index(step) + 1, len(all_stops) - 1)]


def stop_before(rules: ContestRules, step: str) -> str | None:
    """The stop before this one, or None."""
    all_stops = stops(rules)
    at = all_stops.index(step)
    return all_stops[at - 1] if at else None


def stop_links(entry: Entry, rules: ContestRules, step: str, missing: Sequence[Missing]) -> list[dict[str, Any]]:
    """What the macro `nav.steps` takes; a stop is done when nothing is missing at it."""
    wanting = {each.step for each in missing}
    links = []
    for each in stops(rules):
        # What is asked of grown-ups may stay open, so the consents are done once one has gone past them.
        done = each not in wanting and (step == REVIEW if each == CONSENTS else each != REVIEW)
        links.append(
            {
                "label": step_label(each),
                "url": url_for("entrant.step", entry_id=entry.id, step=each),
                "state": "now" if each == step else "done" if done else "todo",
            }
        )
    return links


def locate(entry: Entry, rules: ContestRules, problems: Sequence[Problem]) -> list[Missing]:
    """Each problem with its sentence and the place where it is mended."""
    return [_located(entry, rules, problem) for problem in problems]


def _located(entry: Entry, rules: ContestRules, problem: Problem) -> Missing:
    where, place = problem.where, places.place_of(entry, rules, problem)
    names = {
        "title": gettext("Title"), "category": gettext("Category"), "division": gettext("Division"),
        **{one.key: label(one.label) for one in rules.fields}, **{one.key: label(one.label) for one in rules.dossier},
    }  # fmt: skip
    name = gettext("Authors") if place.step == PEOPLE else names.get(where, "")
    url = url_for("entrant.step", entry_id=entry.id, step=place.step, _anchor=place.anchor)
    return Missing(sentence=problem_sentence(problem), label=name or step_label(place.step), step=place.step, url=url)
