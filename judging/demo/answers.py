"""Answers to an entry form's questions that are no texts: schools, years, firms. One function for each contest kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from judging.demo.draw import Draw
from judging.demo.people import People


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A person of an entry, before there is a row for it."""

    name: str
    born: date
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """The people of an entry, the lead first, with the unit they come from and the answers that follow from them."""

    authors: Sequence[Author]
    unit: str
    answers: Mapping[str, Any]


def _pupils(draw: Draw, people: People, size: int) -> Team:
    school, age = people.pupil_school()
    authors = [Author(name=people.name(), born=people.born(age), unit=school) for _ in range(size)]
    grade = max(1, age - 5)
    answers = {
        "own_work": True,
        "school": school,
        "school_class": f"{grade}{draw.one_of('ABC')}{draw.random.randint(1, 4)}",
        "mentor": people.name() if draw.chance(0.8) else "",
    }
    return Team(authors=authors, unit=school, answers=answers)


def _engineers(draw: Draw, people: People, size: int) -> Team:
    unit = people.workplace()
    authors = [
        Author(name=people.name(), born=people.born(draw.random.randint(24, 60)), unit=unit) for _ in range(size)
    ]
    applied = draw.random.randint(2018, 2020)
    answers = {
        "applicant": draw.one_of(("person", "organisation")),
        "unit": unit,
        "created_year": draw.random.randint(2017, applied),
        "applied_year": applied,
        "prized": False,
        "yearly_benefit": str(draw.random.randint(8, 90) * 5),
        "ethnic_minority": draw.chance(0.3),
    }
    return Team(authors=authors, unit=unit, answers=answers)


def _founders(draw: Draw, people: People, size: int) -> Team:
    registered = draw.chance(0.35)
    firm = f"Công ty Mẫu {draw.random.randint(61, 240)}" if registered else ""
    authors = [
        Author(name=people.name(), born=people.born(draw.random.randint(19, 42)), unit=firm) for _ in range(size)
    ]
    answers: dict[str, Any] = {
        "applicant": "organisation" if registered else ("person" if size == 1 else "group"),
        "registered": registered,
        "organisation": firm,
        "capital_sought": str(draw.random.randint(2, 40) * 50),
        "mentor": people.name() if draw.chance(0.4) else "",
    }
    if registered:
        answers["registered_on"] = (date(2018, 1, 8) + timedelta(days=draw.random.randint(0, 900))).isoformat()
    return Team(authors=authors, unit=firm, answers=answers)


MAKERS: Mapping[str, Callable[[Draw, People, int], Team]] = {
    "youth-creativity": _pupils,
    "technical-innovation": _engineers,
    "startup": _founders,
}
