"""Entries as programs get them: each reader what they may see, judges of blind rounds without a name."""

from __future__ import annotations

from typing import Any

from flask import url_for

from judging.db.models import AgeCheck, FileCopy
from judging.db.models import Entry as Row
from judging.db.models import EntryFile as FileRow
from judging.db.models import EntryMember as MemberRow
from judging.db.queries.file_copies import made_of_files
from judging.domain.copy_states import CopyState
from judging.domain.fields import ItemKind
from judging.domain.lifecycle import EntryState
from judging.domain.permissions import Relation, Role, can_see_author_names, can_see_entry, can_see_file
from judging.domain.privacy_rights import can_see_births
from judging.domain.rules import ContestRules
from judging.domain.structure import to_plain
from judging.errors import N_, NotFound
from judging.services.access.api_tokens import ENTRIES, JUDGE, READ
from judging.services.entries.age_checks import standing_checks
from judging.services.entries.consents import given_words
from judging.services.entries.drafts import may_edit
from judging.services.entries.files import blind_name
from judging.services.entries.receipts import list_receipts
from judging.services.entries.relations import judges_blind, relation_to_entry
from judging.services.entries.status import shown_state
from judging.web.api.schemas.entries import ConsentAnswer, Entry, EntryFile, EntrySummary, Member, ReceiptAnswer
from judging.web.bearer import covers
from judging.web.context import account, actor, contest, entry, rules
from judging.web.formats import entry_code
from judging.web.reading_names import goes_by_code
from judging.web.transaction import db

_READERS = (Role.SECRETARY, Role.ORGANISER, Role.COMMITTEE, Role.AUDITOR)


def is_reader() -> bool:
    """Whether the caller reads all entries of the contest, as its office and auditor do."""
    return actor().has(*_READERS)


def show_entry_summary(row: Row, in_force: ContestRules) -> EntrySummary:
    """An entry in a list."""
    return EntrySummary(**_summary(row, in_force))


def show_entry() -> Entry:
    """The entry of the address, as the caller may see it. Raises NotFound for whoever may not."""
    row, in_force = entry(), rules()
    relation = relation_to_entry(db(), actor=actor(), entry=row)
    if not can_see_entry(actor(), relation) or not _reached(relation) or _is_hidden(relation):
        raise NotFound(N_("There is nothing here."))
    blind = judges_blind(db(), rules=in_force, actor=actor(), entry=row)
    named = can_see_author_names(actor(), relation, blind=blind)
    full = relation.author or is_reader()
    hidden = frozenset() if named else frozenset(one.key for one in in_force.fields if one.blind)
    return Entry(
        **_summary(row, in_force),
        contest=contest().slug,
        alias=row.alias,
        unit=row.unit if named else None,
        answers={one.key: row.answers.get(one.key) for one in in_force.fields if one.key not in hidden},
        members=_members(row, full=full) if named else None,
        files=dossier_files(row, in_force, relation, named=named),
        links=dossier_links(row, in_force, relation),
        receipts=_receipts(row) if full else None,
        consents=_consents(row) if full else None,
        may_edit=may_edit(row, actor()),
    )


def show_file(row: FileRow, *, filename: str) -> EntryFile:
    """A file under the name by which its reader may know it."""
    return EntryFile(
        id=row.id, item=row.item, filename=filename, media_type=row.media_type, size=row.size, sha256=row.sha256,
        pages=row.pages, ready=True, url=url_for("api.get_file", entry_id=row.entry_id, file_id=row.id),
    )  # fmt: skip


def _reached(relation: Relation) -> bool:
    """Whether the token is for what ties the caller to the entry."""
    if covers(READ) or is_reader():
        return True
    judges = relation.scores or relation.chairs
    return (relation.author and covers(ENTRIES)) or (judges and covers(JUDGE))


def _summary(row: Row, in_force: ContestRules) -> dict[str, Any]:
    state = EntryState(row.state) if is_reader() else shown_state(row, contest())
    return {
        "id": row.id, "number": row.number, "code": entry_code(row.number, in_force.prefix), "title": row.title,
        "category": row.category, "division": row.division, "state": state.value, "submitted_at": row.submitted_at,
    }  # fmt: skip


def _members(row: Row, *, full: bool) -> list[Member]:
    checks = standing_checks(db(), row)
    births = full and (row.owner_id == actor().account_id or can_see_births(actor()))
    return [_member(one, checks.get(one.id), full=full, births=births) for one in row.members]


def _member(row: MemberRow, check: AgeCheck | None, *, full: bool, births: bool) -> Member:
    """A person; address and birth date are for whoever typed them and for the office, the latter not for all of it."""
    return Member(
        id=row.id, name=row.name, born=row.born if births else None, email=row.email if full else "", unit=row.unit,
        share=None if row.share is None else to_plain(row.share),
        age_verified_at=None if check is None else check.at,
    )  # fmt: skip


def _is_hidden(relation: Relation) -> bool:
    """Whether the caller meets the entry by a code alone: then it is found by its reading, see `hidden_entries`."""
    only_judges = relation.scores and not (relation.author or relation.chairs or is_reader())
    return only_judges and goes_by_code(entry(), account())


def dossier_files(
    row: Row, in_force: ContestRules, relation: Relation, *, named: bool, code: str = ""
) -> list[EntryFile]:
    """The files that are open to the caller; unless they are `named`, under names made of the entry's `code`."""
    open_to = {
        item.key for item in in_force.dossier if can_see_file(actor(), relation, office_only=item.office_only)
    }  # fmt: skip
    # Judges get copies, so what is told of a file is told of its copy.
    judges = not relation.author and (relation.scores or relation.chairs)
    made = made_of_files(db(), row) if judges else {}
    shown, places = [], dict.fromkeys(open_to, 0)
    for file in row.files:
        if file.item in open_to:
            places[file.item] += 1
            copied = made[file.id].copied if file.id in made else None
            kind = copied.media_type if copied is not None else None
            made_name = blind_name(in_force, row, file, places[file.item], media_type=kind, code=code)
            name = file.filename if named else made_name
            shown.append(_show_copy(file, copied, filename=name) if judges else show_file(file, filename=name))
    return shown


def dossier_links(row: Row, in_force: ContestRules, relation: Relation) -> dict[str, list[str]]:
    """The links of each item that asks for some and is open to the reader, the first one given first."""
    return {
        item.key: [link.url for link in row.links if link.item == item.key]
        for item in in_force.dossier
        if item.kind is ItemKind.LINK and can_see_file(actor(), relation, office_only=item.office_only)
    }


def _show_copy(row: FileRow, copied: FileCopy | None, *, filename: str) -> EntryFile:
    """The copy of a file; while there is none it has neither size nor digest."""
    whole = show_file(row, filename=filename)
    if copied is None or copied.state != CopyState.READY:
        return whole.model_copy(update={"size": 0, "sha256": "", "ready": False})
    told = {"media_type": copied.media_type, "size": copied.size, "sha256": copied.sha256}
    return whole.model_copy(update=told)


def _receipts(row: Row) -> list[ReceiptAnswer]:
    return [ReceiptAnswer(number=one.number, time=one.at, sha256=one.sha256) for one in list_receipts(db(), entry=row)]


def _consents(row: Row) -> list[ConsentAnswer]:
    words = sorted(given_words(db(), entry=row))
    return [ConsentAnswer(member=member, by=by.value) for member, by in words]
