"""An entry as its judge may see it: while the round is blind without authors, units, and names hidden in file names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from judging.domain.fields import FieldKind, ItemKind
from judging.domain.permissions import can_see_author_names, can_see_file
from judging.web.context import actor
from judging.web.formats import day, label, mark, megabytes

if TYPE_CHECKING:
    from judging.db.models import EntryFile
    from judging.domain.fields import DossierItem, EntryField
    from judging.domain.rules import ContestRules
    from judging.services.readings import Reading

_ICONS = {ItemKind.IMAGE: "image", ItemKind.VIDEO: "video"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An answer of several sentences, paragraph by paragraph."""

    key: str
    label: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to be opened; a picture is shown on the page."""

    name: str
    url: str
    detail: str
    kind: str
    is_picture: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A dossier item with its files, or with the word that it was handed in at the office."""

    key: str
    label: str
    files: tuple[File, ...]
    is_physical: bool
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All parts of an entry. `people` are pairs of name and unit, empty while the round is blind."""

    category: str
    division: str
    facts: tuple[tuple[str, str], ...]
    texts: tuple[Text, ...]
    items: tuple[Item, ...]
    people: tuple[tuple[str, str], ...]


def dossier_of(reading: Reading) -> Dossier:
    """The entry of a reading."""
    entry, rules = reading.assignment.entry, reading.rules
    blind = reading.judged.blind
    named = can_see_author_names(actor(), reading.relation, blind=blind)
    answered = [
        (field, value)
        for field in rules.fields
        if (named or not field.blind) and (value := _answer(field, entry.answers.get(field.key)))
    ]
    return Dossier(
        category=_category(rules, entry.category),
        division=next((label(one.label) for one in rules.divisions if one.key == entry.division), ""),
        facts=tuple((label(field.label), value) for field, value in answered if field.kind is not FieldKind.LONG_TEXT),
        texts=tuple(
            Text(key=field.key, label=label(field.label), paragraphs=tuple(value.split("\n")))
            for field, value in answered
            if field.kind is FieldKind.LONG_TEXT
        ),
        items=tuple(
            item
            for wanted in rules.dossier
            if can_see_file(actor(), reading.relation, office_only=wanted.office_only) and not wanted.office_only
            if (item := _item(wanted, reading, named=named)) is not None
        ),
        people=tuple((member.name, member.unit or entry.unit) for member in entry.members) if named else (),
    )


def _category(rules: ContestRules, key: str) -> str:
    return next((label(category.label) for category in rules.categories if category.key == key), key)


def _answer(field: EntryField, value: object) -> str:
    if value is None or value == "":
        return ""
    if field.kind is FieldKind.BOOLEAN:
        return _("Yes") if value else _("No")
    if field.kind is FieldKind.CHOICE:
        return next((label(choice.label) for choice in field.choices if choice.key == value), str(value))
    try:
        if field.kind is FieldKind.DATE:
            return day(date.fromisoformat(str(value)))
        # A whole number may be a year, so its digits are never grouped.
        if field.kind is FieldKind.DECIMAL:
            return mark(Decimal(str(value)))
    except (ValueError, InvalidOperation):
        pass  # An answer from before the field changed its kind is shown as it was written.
    return str(value).replace("\r\n", "\n").strip()


def _item(wanted: DossierItem, reading: Reading, *, named: bool) -> Item | None:
    files = [file for file in reading.assignment.entry.files if file.item == wanted.key]
    physical = wanted.kind is ItemKind.PHYSICAL
    is_link = wanted.kind is ItemKind.LINK
    links = [link.url for link in reading.assignment.entry.links if link.item == wanted.key] if is_link else []
    if not files and not physical and not links:
        return None
    return Item(
        key=wanted.key,
        label=label(wanted.label),
        files=tuple(_file(file, wanted, number, len(files), named=named) for number, file in enumerate(files, start=1)),
        is_physical=physical,
        links=tuple(links),
    )


def _file(file: EntryFile, wanted: DossierItem, number: int, total: int, *, named: bool) -> File:
    # People put their names and their school's into file names, so a blind round never shows one.
    given = label(wanted.label)
    if total > 1:
        given = _("%(item)s, %(number)s of %(total)s", item=given, number=number, total=total)
    detail = [megabytes(file.size)]
    if file.pages:
        detail.insert(0, _("%(count)s pages", count=file.pages))
    return File(
        name=file.filename if named else given,
        url=url_for("entrant.file", entry_id=file.entry_id, file_id=file.id),
        detail=", ".join(detail),
        kind=_ICONS.get(wanted.kind, "file"),
        is_picture=file.media_type in ("image/png", "image/jpeg", "image/webp", "image/gif"),
    )
