"""What every contest asks of an entry, whatever its kind: pure checks over values."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

from judging.domain.fields import DossierItem, EntryField, FieldKind, ItemKind
from judging.domain.rules import ContestRules
from judging.domain.values import Entry, Problem
from judging.errors import N_
from judging.services.entries.answers import count_words

MEMBERS = "members"
_ALL = Decimal(100)


def check_core(rules: ContestRules, entry: Entry) -> tuple[Problem, ...]:
    """Every reason of the core against `entry`: title, category, division, answers, people, shares and dossier."""
    return tuple(
        chain(
            _check_place(rules, entry),
            *(_check_answer(field, entry.answers.get(field.key)) for field in rules.fields),
            _check_people(rules, entry),
            *(
                _check_item(item, entry.items.get(item.key, 0))
                for item in rules.dossier
                if item.key not in entry.checked
            ),
        )
    )


def _check_place(rules: ContestRules, entry: Entry) -> Iterator[Problem]:
    if not entry.title.strip():
        yield Problem(code="title-missing", message=N_("Give the entry a title."), where="title")
    if entry.category not in {category.key for category in rules.categories}:
        yield Problem(code="category-missing", message=N_("Choose the category."), where="category")
    if rules.divisions and entry.division not in {division.key for division in rules.divisions}:
        yield Problem(code="division-missing", message=N_("Choose the division."), where="division")


def _check_answer(field: EntryField, answer: object) -> Iterator[Problem]:
    if field.kind is FieldKind.BOOLEAN:
        return
    if answer in (None, ""):
        if field.required:
            yield Problem(
                code="answer-missing", message=N_("“%(field)s” is still empty."), params={"field": field.label},
                where=field.key,
            )  # fmt: skip
        return
    words = count_words(str(answer)) if field.max_words else 0
    if words > field.max_words:
        yield Problem(
            code="too-many-words",
            message=N_("“%(field)s” has %(count)s words; at most %(limit)s are read."),
            params={"field": field.label, "count": words, "limit": field.max_words},
            where=field.key,
        )


def _check_people(rules: ContestRules, entry: Entry) -> Iterator[Problem]:
    team, people = rules.team, len(entry.members)
    yield from check_team_size(rules, people)
    if any(not member.name for member in entry.members):
        yield Problem(code="name-missing", message=N_("Write the name of every author."), where=MEMBERS)
    if team.shares and people:
        yield from _check_shares(entry)


def check_team_size(rules: ContestRules, people: int) -> Iterator[Problem]:
    """Whether an entry may have this many authors."""
    team = rules.team
    if people < team.low:
        yield Problem(
            code="too-few-people",
            message=N_("The fewest authors of an entry: %(limit)s. So far there are %(count)s."),
            params={"limit": team.low, "count": people},
            where=MEMBERS,
            setting="team",
        )
    if people > team.high:
        yield Problem(
            code="too-many-people",
            message=N_("The most authors of an entry: %(limit)s. There are %(count)s."),
            params={"limit": team.high, "count": people},
            where=MEMBERS,
            setting="team",
        )


def _check_shares(entry: Entry) -> Iterator[Problem]:
    shares = [member.share for member in entry.members if member.share is not None]
    if len(shares) < len(entry.members):
        yield Problem(code="share-missing", message=N_("Say what share each author has, in per cent."), where=MEMBERS)
    elif any(share <= 0 for share in shares):
        yield Problem(code="share-zero", message=N_("Every author has a share above 0 %%."), where=MEMBERS)
    elif sum(shares, Decimal(0)) != _ALL:
        yield Problem(
            code="shares-sum",
            message=N_("The shares add up to %(sum)s %%; together they must be exactly 100 %%."),
            params={"sum": sum(shares, Decimal(0))},
            where=MEMBERS,
        )


def _check_item(item: DossierItem, count: int) -> Iterator[Problem]:
    # What is handed in at the office is counted there, not here.
    if item.kind is ItemKind.PHYSICAL:
        return
    if (item.required or count) and count < item.low:
        yield Problem(
            code="files-missing",
            message=N_("“%(item)s” is still missing. Files needed: %(limit)s, attached: %(count)s."),
            params={"item": item.label, "limit": item.low, "count": count},
            where=item.key,
        )
    if count > item.high:
        yield Problem(
            code="too-many-files",
            message=N_("“%(item)s” has too many files. At most: %(limit)s, attached: %(count)s."),
            params={"item": item.label, "limit": item.high, "count": count},
            where=item.key,
        )
