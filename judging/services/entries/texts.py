"""An entry's fields as texts by name, for comparing what two devices typed: see domain.draft_merge.

Names: `title`, `category`, `division`, `answer:<key>`, `member:<id>:<part>`. A text is what is stored, written in one
way (dates as 2012-05-31, decimals with a point, a ticked box as `y`), so that it does not depend on the language in
which it was typed. What cannot be read stays as it was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from judging.db.models import Entry
from judging.domain.fields import EntryField
from judging.domain.rules import ContestRules
from judging.domain.values import Problem
from judging.services.entries.answers import LONGEST_TEXT, Stored, Unreadable, clean_line, clean_text, read_answer
from judging.services.entries.drafts import LONGEST_TITLE
from judging.services.entries.members import Person, read_people, rows_of

TICKED = "y"
PARTS = ("name", "born", "unit", "email", "share")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedTexts:
    """What was typed, by name; `unread` holds why some of it is no answer, `answers` what the rest of it stores."""

    texts: Mapping[str, str]
    answers: Mapping[str, Stored] = field(default_factory=dict)
    unread: Mapping[str, Problem] = field(default_factory=dict)


def answer_name(key: str) -> str:
    """The name of an answer."""
    return f"answer:{key}"


def member_name(member_id: str, part: str) -> str:
    """The name of one part of a person."""
    return f"member:{member_id}:{part}"


def asked_parts(rules: ContestRules) -> tuple[str, ...]:
    """What the contest asks of a person."""
    unasked = {*(() if rules.team.births else ("born",)), *(() if rules.team.shares else ("share",))}
    return tuple(part for part in PARTS if part not in unasked)


def standing_texts(entry: Entry, rules: ContestRules) -> dict[str, str]:
    """What the entry says now."""
    texts = {"title": entry.title, "category": entry.category, "division": entry.division or ""}
    texts |= {answer_name(asked.key): stored_text(entry.answers.get(asked.key)) for asked in rules.fields}
    for person in rows_of(entry):
        texts |= person_texts(person, asked_parts(rules))
    return texts


def stored_text(value: object) -> str:
    """A stored answer as a text."""
    if value is None or value is False:
        return ""
    return TICKED if value is True else str(value)


def person_texts(person: Person, parts: Iterable[str]) -> dict[str, str]:
    """A person's parts as texts."""
    written = {
        "name": person.name,
        "born": person.born.isoformat() if person.born else "",
        "unit": person.unit,
        "email": person.email,
        "share": format(person.share, "f") if person.share is not None else "",
    }
    return {member_name(person.id, part): written[part] for part in parts}


def person_of(member_id: str, texts: Mapping[str, str]) -> Person:
    """The person that these texts make; they are such as `person_texts` writes."""
    part = {name: texts.get(member_name(member_id, name), "") for name in PARTS}
    return Person(
        id=member_id,
        name=part["name"],
        born=date.fromisoformat(part["born"]) if part["born"] else None,
        unit=part["unit"],
        email=part["email"],
        share=Decimal(part["share"]) if part["share"] else None,
    )


def typed_place(rules: ContestRules, typed: Mapping[str, str]) -> TypedTexts:
    """Title, category and division as typed; a category or division that the contest does not have counts as none."""
    known = {
        "category": {one.key for one in rules.categories},
        "division": {one.key for one in rules.divisions},
    }
    texts = {"title": clean_line(typed.get("title", ""))[:LONGEST_TITLE]}
    texts |= {name: typed.get(name, "") if typed.get(name) in keys else "" for name, keys in known.items()}
    return TypedTexts(texts=texts)


def typed_answers_of(fields: Iterable[EntryField], typed: Mapping[str, str], *, locale: str) -> TypedTexts:
    """Answers as typed, by field key."""
    texts: dict[str, str] = {}
    answers: dict[str, Stored] = {}
    unread: dict[str, Problem] = {}
    for asked in fields:
        name, text = answer_name(asked.key), typed.get(asked.key, "")
        try:
            answers[name] = read_answer(asked, text, locale=locale)
            texts[name] = stored_text(answers[name])
        except Unreadable as wrong:
            texts[name] = clean_text(text)[:LONGEST_TEXT]
            unread[name] = Problem(code="unreadable", message=wrong.message, where=asked.key)
    return TypedTexts(texts=texts, answers=answers, unread=unread)


def typed_people(
    rows: Sequence[Mapping[str, str]], ids: Sequence[str], *, rules: ContestRules, locale: str
) -> TypedTexts:
    """Rows of people as typed; `ids` are the members that the rows are about, in the same order."""
    people, problems = read_people(rows, rules=rules, locale=locale)
    at = {problem.where: problem for problem in problems}
    texts: dict[str, str] = {}
    unread: dict[str, Problem] = {}
    for number, (row, member_id, person) in enumerate(zip(rows, ids, people, strict=False)):
        read = person_texts(person, PARTS)
        for part in asked_parts(rules):
            name = member_name(member_id, part)
            texts[name] = read[member_name(person.id, part)]
            if (wrong := at.get(f"members-{number}-{part}")) is not None:
                texts[name] = clean_line(row.get(part, ""))[:LONGEST_TITLE]
                unread[name] = wrong
    return TypedTexts(texts=texts, unread=unread)
