"""The authors of an entry as rows of texts: posted, filled in, added, removed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from judging.domain.values import Problem
from judging.services.entries.members import MOST_ROWS, Person
from judging.web.entrant.answer_forms import typed_decimal
from judging.web.formats import problem_sentence

KEYS = ("id", "name", "born", "unit", "email", "share")
_NAME = re.compile(r"members-(\d{1,2})-([a-z]+)", re.ASCII)

Row = dict[str, str]


def posted_rows(form: Mapping[str, str]) -> list[Row]:
    """The rows that a form sent, in the order of their numbers."""
    rows: dict[int, Row] = {}
    for name, value in form.items():
        if (found := _NAME.fullmatch(name)) and found.group(2) in KEYS:
            rows.setdefault(int(found.group(1)), dict.fromkeys(KEYS, ""))[found.group(2)] = value
    return [rows[number] for number in sorted(rows)][:MOST_ROWS]


def filled_rows(people: Iterable[Person], *, at_least: int) -> list[Row]:
    """Rows that show these people, with blank ones up to `at_least`."""
    rows = [
        {
            "id": person.id,
            "name": person.name,
            "born": person.born.isoformat() if person.born else "",
            "unit": person.unit,
            "email": person.email,
            "share": typed_decimal(format(person.share, "f")) if person.share is not None else "",
        }
        for person in people
    ]
    missing = min(at_least, MOST_ROWS) - len(rows)
    return rows + [dict.fromkeys(KEYS, "") for _ in range(missing)]


def without(people: list[Person], at: int) -> list[Person]:
    """The people without the one at `at`."""
    return [person for place, person in enumerate(people) if place != at]


def led_by(people: list[Person], at: int) -> list[Person]:
    """The people with the one at `at` first: the lead author."""
    if not 0 <= at < len(people):
        return people
    return [people[at], *without(people, at)]


def moved_to_front(rows: list[Row], at: int) -> list[Row]:
    """The rows with the one at `at` first."""
    if not 0 <= at < len(rows):
        return rows
    return [rows[at], *(row for place, row in enumerate(rows) if place != at)]


def row_errors(problems: Iterable[Problem]) -> dict[str, str]:
    """The sentence of each problem by the name of its field."""
    return {problem.where: problem_sentence(problem) for problem in problems}
