"""All that an entry says, as pairs of question and answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from judging.db.models import Entry, EntryMember
from judging.domain.fields import EntryField, FieldKind
from judging.domain.rules import Category, ContestRules
from judging.web.entrant.step_list import ABOUT, PEOPLE, TEXT, fields_of, step_label
from judging.web.formats import day, label, mark

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One stop of the form with what was answered at it."""

    step: str
    label: str
    pairs: Pairs


def overview(entry: Entry, rules: ContestRules) -> list[Part]:
    """The entry by stops: about, authors, description."""
    about = [(_("Title"), entry.title or "–"), (_("Category"), _label_of(rules.categories, entry.category))]
    if rules.divisions:
        about.append((_("Division"), _label_of(rules.divisions, entry.division or "")))
    parts = [
        Part(step=ABOUT, label=step_label(ABOUT), pairs=about + _answers(entry, fields_of(rules, ABOUT))),
        Part(step=PEOPLE, label=step_label(PEOPLE), pairs=[_person(member) for member in entry.members]),
    ]
    texts = _answers(entry, fields_of(rules, TEXT))
    return [*parts, Part(step=TEXT, label=step_label(TEXT), pairs=texts)] if texts else parts


def _answers(entry: Entry, fields: tuple[EntryField, ...]) -> Pairs:
    return [(label(field.label), answer_text(field, entry.answers.get(field.key))) for field in fields]


def answer_text(field: EntryField, value: object) -> str:
    """A stored answer in words; a dash where there is none."""
    if field.kind is FieldKind.BOOLEAN:
        return _("Yes") if value is True else _("No")
    if value in (None, ""):
        return "–"
    if field.kind is FieldKind.CHOICE:
        return next((label(choice.label) for choice in field.choices if choice.key == value), str(value))
    if field.kind is FieldKind.DATE:
        return day(date.fromisoformat(str(value)))
    return mark(str(value)) if field.kind is FieldKind.DECIMAL else str(value)


def _person(member: EntryMember) -> tuple[str, str]:
    lines = [member.name or "–"]
    details = [
        day(member.born) if member.born else "",
        member.unit,
        f"{mark(member.share)}%" if member.share is not None else "",
    ]
    lines.append(" · ".join(detail for detail in details if detail))
    return (_("Lead author") if member.is_lead else _("Author"), "\n".join(line for line in lines if line))


def _label_of(options: tuple[Category, ...], key: str) -> str:
    return next((label(option.label) for option in options if option.key == key), "–")
