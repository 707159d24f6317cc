"""An entry as its judge may see it: while the round is blind without authors, units, and names hidden in file names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.db.queries.file_copies import made_of_files
from judging.domain.copy_states import JUDGES_ARE_TOLD, CopyState
from judging.domain.fields import FieldKind, ItemKind
from judging.domain.permissions import can_see_author_names, can_see_file
from judging.services.entries.age_bands import age_bands
from judging.web.context import actor
from judging.web.file_previews import preview_of, state_of, video_facts
from judging.web.formats import day, label, mark, megabytes
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Mapping

    from judging.db.models import EntryFile
    from judging.db.queries.file_copies import MadeOf
    from judging.domain.fields import DossierItem, EntryField
    from judging.domain.rules import ContestRules
    from judging.services.judges.repeats.reading import RepeatReading
    from judging.services.sheets.readings import Reading
    from judging.web.file_previews import Preview

_ICONS = {ItemKind.IMAGE: "image", ItemKind.VIDEO: "video"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An answer of several sentences, paragraph by paragraph."""

    key: str
    label: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A copy to be opened, or the word why there is none yet; `preview` are its pictures, shown on the page.

    `plays` is the media type of a video, which the page plays; empty for anything else.
    """

    name: str
    url: str | None
    detail: str
    kind: str
    state: str
    preview: Preview | None
    plays: str


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
    """All parts of an entry. `people` are pairs of name and unit, empty while the round is blind; `ages` are bands."""

    category: str
    division: str
    facts: tuple[tuple[str, str], ...]
    texts: tuple[Text, ...]
    items: tuple[Item, ...]
    people: tuple[tuple[str, str], ...]
    ages: tuple[str, ...] = ()


def dossier_of(reading: Reading | RepeatReading) -> Dossier:
    """The entry of a reading."""
    entry, rules = reading.assignment.entry, reading.rules
    made = made_of_files(db(), entry)
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
            if (item := _item(wanted, reading, made, named=named)) is not None
        ),
        people=tuple((member.name, member.unit or entry.unit) for member in entry.members) if named else (),
        ages=age_bands(db(), entry=entry, people=entry.members, rules=rules),
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


def _item(
    wanted: DossierItem, reading: Reading | RepeatReading, made: Mapping[str, MadeOf], *, named: bool
) -> Item | None:
    files = [file for file in reading.assignment.entry.files if file.item == wanted.key]
    physical = wanted.kind is ItemKind.PHYSICAL
    is_link = wanted.kind is ItemKind.LINK
    links = [link.url for link in reading.assignment.entry.links if link.item == wanted.key] if is_link else []
    if not files and not physical and not links:
        return None
    return Item(
        key=wanted.key,
        label=label(wanted.label),
        files=tuple(
            _file(file, made.get(file.id), _given(wanted, number, len(files)), wanted, named=named)
            for number, file in enumerate(files, start=1)
        ),
        is_physical=physical,
        links=tuple(links),
    )


def _given(wanted: DossierItem, number: int, total: int) -> str:
    """A name that tells nothing: people put their own and their school's into those of files."""
    given = label(wanted.label)
    return _("%(item)s, %(number)s of %(total)s", item=given, number=number, total=total) if total > 1 else given


def _file(file: EntryFile, made: MadeOf | None, given: str, wanted: DossierItem, *, named: bool) -> File:
    """The copy of a file; what was handed in is not for judges, and nothing here leads to it."""
    name, state = file.filename if named else given, state_of(made)
    ready = made is not None and state is CopyState.READY
    detail = [*video_facts(made)]
    if file.pages:
        detail.append(ngettext("%(num)s page", "%(num)s pages", file.pages))
    if ready and made is not None:
        detail.append(megabytes(made.copied.size or 0))
    media_type = (made.copied.media_type or "") if made is not None else ""
    return File(
        name=name,
        url=url_for("entrant.file", entry_id=file.entry_id, file_id=file.id) if ready else None,
        detail=", ".join(detail),
        kind=_ICONS.get(wanted.kind, "file"),
        state="" if ready else label(JUDGES_ARE_TOLD[state]),
        preview=preview_of(made, entry_id=file.entry_id, name=name, count=file.pages),
        plays=media_type if ready and media_type.startswith("video/") else "",
    )
