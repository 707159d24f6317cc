"""What a program writes on an entry: read by the same readers as the pages' forms, with every problem told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from judging.db.models import Entry
from judging.domain.fields import EntryField, FieldKind, ItemKind
from judging.domain.rules import ContestRules
from judging.domain.values import Problem
from judging.errors import N_
from judging.services.entries.answers import Stored, read_answers
from judging.services.entries.draft_saving import PLACE, settle_fields
from judging.services.entries.drafts import save_answers, save_place
from judging.services.entries.links import check_links, set_links
from judging.services.entries.members import Person, read_people, save_people
from judging.services.entries.texts import PARTS, answer_name, member_name
from judging.web.api.schemas.entries import EntryBody, EntryChange, MemberBody, Value
from judging.web.context import actor, now
from judging.web.problems import ApiError, faults_of, pointer_of
from judging.web.transaction import db

# Programs write numbers with a point in every language.
_LOCALE = "en"


def write_entry(entry: Entry, rules: ContestRules, sent: EntryBody | EntryChange) -> None:
    """Record what was sent; what was left out stays. Raises ApiError 422 with every problem, and Conflict."""
    given = sent.model_fields_set
    answers, unread = _read_answers(rules, sent.answers or {})
    people, wrong = _read_people(rules, sent.members or [])
    links = sent.links or {}
    problems = [*_check_place(rules, sent), *unread, *wrong, *check_links(rules, links)]
    if problems:
        raise entry_refused(problems, rules)
    if given & {"title", "category", "division"}:
        save_place(
            db(), entry=entry, actor=actor(), rules=rules, now=now(),
            title=entry.title if sent.title is None else sent.title,
            category=(sent.category or "") if "category" in given else entry.category,
            division=(sent.division or "") if "division" in given else (entry.division or ""),
        )  # fmt: skip
    if answers:
        save_answers(db(), entry=entry, actor=actor(), answers=answers, now=now())
    if sent.members is not None and "members" in given:
        save_people(db(), entry=entry, actor=actor(), people=people, now=now())
    for item in rules.dossier:
        if item.key in links:
            set_links(db(), entry=entry, actor=actor(), item=item, texts=links[item.key], now=now())
    # Who writes so has seen the entry as it is, so that nothing is left to be asked of a person.
    written = [*(given & set(PLACE)), *(answer_name(key) for key in answers)]
    if "members" in given:
        written += [member_name(member.id, part) for member in entry.members for part in PARTS]
    settle_fields(db(), entry=entry, fields=written)


def entry_refused(problems: Iterable[Problem], rules: ContestRules) -> ApiError:
    """The refusal of an entry, each problem at its place in the body: answers, files, links have names."""
    places = {field.key: f"#/answers/{field.key}" for field in rules.fields}
    places |= {item.key: f"#/{'links' if item.kind is ItemKind.LINK else 'files'}/{item.key}" for item in rules.dossier}
    return ApiError(
        422, "refused", N_("The entry cannot be taken like this. Every reason is listed."),
        faults=faults_of(problems, place=lambda one: places.get(one.where) or pointer_of(one)),
    )  # fmt: skip


def _check_place(rules: ContestRules, sent: EntryBody | EntryChange) -> list[Problem]:
    problems = []
    if sent.category and sent.category not in {one.key for one in rules.categories}:
        problems.append(Problem(code="category", where="category", message=N_("This contest has no such category.")))
    if sent.division and sent.division not in {one.key for one in rules.divisions}:
        problems.append(Problem(code="division", where="division", message=N_("This contest has no such division.")))
    return problems


def _read_answers(rules: ContestRules, sent: Mapping[str, Value]) -> tuple[dict[str, Stored], list[Problem]]:
    fields = {field.key: field for field in rules.fields}
    problems = [
        Problem(code="unknown", where=key, message=N_("The entry form has no such question."))
        for key in sent
        if key not in fields
    ]
    problems += [
        Problem(code="unreadable", where=key, message=N_("This question takes another kind of answer."))
        for key, value in sent.items()
        if key in fields and not _fits(fields[key], value)
    ]
    known = [fields[key] for key in sent if key in fields]
    answers, unread = read_answers(known, {key: _text(value) for key, value in sent.items()}, locale=_LOCALE)
    # Where the form stands for an unticked box by leaving it out, null says that there is no answer at all.
    return {key: None if sent[key] is None else answer for key, answer in answers.items()}, [*problems, *unread]


def _fits(field: EntryField, value: Value) -> bool:
    """Whether the JSON type is one in which the answer may be sent; null takes an answer away."""
    if value is None:
        return True
    if field.kind is FieldKind.BOOLEAN:
        return isinstance(value, bool)
    if field.kind is FieldKind.INTEGER:
        return not isinstance(value, bool)
    return isinstance(value, str)


def _text(value: Value) -> str:
    if value is None or value is False:
        return ""
    return "1" if value is True else str(value)


def _read_people(rules: ContestRules, sent: Sequence[MemberBody]) -> tuple[list[Person], tuple[Problem, ...]]:
    rows = [
        {
            "id": one.id or "",
            "name": one.name,
            "born": one.born.isoformat() if one.born else "",
            "email": one.email,
            "unit": one.unit,
            "share": format(one.share, "f") if one.share is not None else "",
        }
        for one in sent
    ]
    return read_people(rows, rules=rules, locale=_LOCALE)
