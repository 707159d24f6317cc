"""Saving what a device typed into a draft, merged field by field with what other devices did meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Entry, EntryMember
from judging.db.types import new_id
from judging.domain.draft_merge import Merge, merge_fields, merge_order, version_of
from judging.domain.fields import EntryField
from judging.domain.permissions import Actor
from judging.domain.rules import ContestRules
from judging.domain.values import Problem
from judging.errors import N_, NotFound
from judging.services.entries.draft_versions import Draft
from judging.services.entries.drafts import must_edit, save_answers, save_place
from judging.services.entries.members import person_of_name, save_people
from judging.services.entries.texts import (
    TypedTexts,
    asked_parts,
    member_name,
    person_of,
    standing_texts,
    typed_answers_of,
    typed_people,
    typed_place,
)

PLACE = ("title", "category", "division")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """From what a device started: the version of each field by name, the order of the people, and the page's token."""

    versions: Mapping[str, str] = field(default_factory=dict)
    order: Sequence[str] = ()
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedDraft:
    """What came of a save: the merge, the versions by now, why some texts are no answers, and the rows' members."""

    merge: Merge
    versions: Mapping[str, str]
    unread: Mapping[str, Problem] = field(default_factory=dict)
    members: Sequence[str] = ()


def save_typed_fields(
    session: Session,
    *,
    entry: Entry,
    actor: Actor,
    rules: ContestRules,
    fields: Iterable[EntryField],
    answers: Mapping[str, str],
    place: Mapping[str, str] | None,
    started: Started,
    locale: str,
    now: datetime,
) -> SavedDraft:
    """Merge typed answers, and with `place` title, category and division, into the draft.

    Raises Conflict when the entry can no longer be changed.
    """
    draft = begin_saving(session, entry, actor)
    read = typed_answers_of(fields, answers, locale=locale)
    texts = {**(typed_place(rules, place).texts if place is not None else {}), **read.texts}
    typed = TypedTexts(texts=texts, answers=read.answers, unread=read.unread)
    standing = draft.over(standing_texts(entry, rules))
    merge = _merge(draft, started, standing, typed.texts)
    if place is not None and merge.accepted.keys() & set(PLACE):
        now_says = {name: merge.accepted.get(name, standing[name]) for name in PLACE}
        save_place(session, entry=entry, actor=actor, rules=rules, now=now, **now_says)
    accepted = {name: read.answers[name] for name in merge.accepted if name in read.answers}
    if accepted:
        stored = {name.partition(":")[2]: value for name, value in accepted.items()}
        save_answers(session, entry=entry, actor=actor, answers=stored, now=now)
    return _record(draft, merge, page=started.page, standing=standing, typed=typed, now=now)


def save_typed_people(
    session: Session,
    *,
    entry: Entry,
    actor: Actor,
    rules: ContestRules,
    rows: Sequence[Mapping[str, str]],
    started: Started,
    locale: str,
    now: datetime,
) -> SavedDraft:
    """Merge typed rows of people, in their order, into the draft. A row that is blank after that is no person.

    Somebody who was taken off elsewhere and written on here comes back. Raises Conflict.
    """
    draft = begin_saving(session, entry, actor)
    ids = row_ids(session, entry=entry, rows=rows)
    new_ids = set(ids) - {member.id for member in entry.members}
    typed = typed_people(rows, ids, rules=rules, locale=locale)
    stored = standing_texts(entry, rules)
    standing = draft.over(stored)
    merge = _with_returned(_merge(draft, started, standing, typed.texts), ids, entry, typed)
    order = merge_order(base=started.order, standing=[member.id for member in entry.members], typed=ids)
    # What cannot be read leaves what is stored as it was.
    readable = {name: text for name, text in merge.accepted.items() if name not in typed.unread}
    people = [person_of(each, {**stored, **readable}) for each in order]
    saved = save_people(session, entry=entry, actor=actor, people=people, new_ids=new_ids, now=now)
    present = {member.id for member in saved}
    kept = {name: text for name, text in merge.accepted.items() if name.split(":")[1] in present}
    recorded = Merge(accepted=kept, brought=merge.brought, clashes=merge.clashes)
    done = _record(draft, recorded, page=started.page, standing=standing, typed=typed, now=now)
    return SavedDraft(merge=merge, versions=done.versions, unread=done.unread, members=ids)


def take_waiting_text(
    session: Session,
    *,
    entry: Entry,
    actor: Actor,
    rules: ContestRules,
    text_id: str,
    take: bool,
    now: datetime,
) -> None:
    """Settle a text that waits: put it in its field, or set it aside. Either way the other text stays as a version.

    Raises NotFound when nothing of that id waits, and Conflict.
    """
    draft = begin_saving(session, entry, actor)
    row = draft.find_waiting(text_id)
    if row is None:
        raise NotFound(N_("There is nothing here."))
    text = row.text
    draft.set_aside(row)
    if not take:
        session.flush()
        return
    put_text(session, draft=draft, entry=entry, actor=actor, rules=rules, name=row.field, text=text, now=now)


def put_text(
    session: Session, *, draft: Draft, entry: Entry, actor: Actor, rules: ContestRules, name: str, text: str,
    now: datetime,
) -> None:  # fmt: skip
    """Make `text` what the field says, as one more version of it."""
    kind, _, rest = name.partition(":")
    standing = draft.over(standing_texts(entry, rules))
    if kind == "member":
        _take_part(session, entry=entry, actor=actor, rules=rules, name=name, text=text, now=now)
        draft.write(name, text, before=standing.get(name, ""), page="", unread=False, now=now)
        return
    asked = [one for one in rules.fields if kind == "answer" and one.key == rest]
    place = None if asked else {**{name: standing[name] for name in PLACE}, kind: text}
    save_typed_fields(
        session, entry=entry, actor=actor, rules=rules, fields=asked, answers={rest: text}, place=place, locale="en",
        started=Started(versions={name: version_of(each) for name, each in standing.items()}), now=now,
    )  # fmt: skip


def settle_fields(session: Session, *, entry: Entry, fields: Iterable[str]) -> None:
    """Say that these fields were written by somebody who had seen the whole entry: nothing waits there any more."""
    draft, names = Draft(session, entry), set(fields)
    draft.settle(names)
    draft.forget_unread(names)
    session.flush()


def _take_part(
    session: Session, *, entry: Entry, actor: Actor, rules: ContestRules, name: str, text: str, now: datetime
) -> None:
    _, member_id, part = name.split(":")
    stored = standing_texts(entry, rules)
    row = {"id": member_id, **{each: stored.get(member_name(member_id, each), "") for each in asked_parts(rules)}}
    read = typed_people([{**row, part: text}], [member_id], rules=rules, locale="en")
    texts = {**stored, **{each: value for each, value in read.texts.items() if each not in read.unread}}
    people = [person_of(member.id, texts) for member in entry.members]
    save_people(session, entry=entry, actor=actor, people=people, now=now)


def begin_saving(session: Session, entry: Entry, actor: Actor) -> Draft:
    """The draft, locked for one save. Raises Conflict when the entry can no longer be changed."""
    # One save at a time: what stands must not change between the comparison and the writing.
    session.refresh(entry, with_for_update={"of": Entry})
    must_edit(entry, actor)
    return Draft(session, entry)


def _merge(draft: Draft, started: Started, standing: Mapping[str, str], typed: Mapping[str, str]) -> Merge:
    own = {name: version_of(standing.get(name, "")) for name in draft.own_fields(started.page, standing)}
    return merge_fields(bases={**started.versions, **own}, standing=standing, typed=typed)


def _record(
    draft: Draft, merge: Merge, *, page: str, standing: Mapping[str, str], typed: TypedTexts, now: datetime
) -> SavedDraft:
    for name, text in merge.accepted.items():
        before = standing.get(name, "")
        draft.write(name, text, before=before, page=page, unread=name in typed.unread, now=now)
    for name, clash in merge.clashes.items():
        draft.wait(name, clash.typed, page=page, now=now)
    by_now = {**{name: standing.get(name, "") for name in typed.texts}, **merge.accepted}
    return SavedDraft(
        merge=merge, versions={name: version_of(text) for name, text in by_now.items()}, unread=typed.unread
    )


def _with_returned(merge: Merge, ids: Sequence[str], entry: Entry, typed: TypedTexts) -> Merge:
    """The merge in which people who were taken off elsewhere, and written on here, are people again."""
    there = {member.id for member in entry.members}
    written = {name for name, text in merge.accepted.items() if text}
    written |= {name for name, clash in merge.clashes.items() if clash.typed}
    returned = {name.split(":")[1] for name in written} & set(ids) - there
    if not returned:
        return merge
    back = {name: text for name, text in typed.texts.items() if name.split(":")[1] in returned}
    return Merge(
        accepted={**merge.accepted, **back},
        brought={name: text for name, text in merge.brought.items() if name not in back},
        clashes={name: clash for name, clash in merge.clashes.items() if name not in back},
    )


def row_ids(session: Session, *, entry: Entry, rows: Sequence[Mapping[str, str]]) -> list[str]:
    """The member that each row is about, or the id that a new one may get.

    A page gives each blank row an id of its own, so that a save whose answer was lost adds nobody twice. An id that
    belongs to anybody already is not taken; a row without one is about whoever has the name and no row.
    """
    known = {member.id for member in entry.members}
    named_by_row = {row.get("id", "") for row in rows}
    wellformed = {each for each in named_by_row - known if _ID.fullmatch(each)}
    asked = select(EntryMember.id).where(EntryMember.id.in_(sorted(wellformed)))
    usable = known | wellformed - (set(session.scalars(asked)) if wellformed else set())
    ids: list[str] = []
    for row in rows:
        row_id = row.get("id", "")
        if row_id not in usable or row_id in ids:
            row_id = person_of_name(entry, row.get("name", ""), besides={*ids, *named_by_row}) or new_id()
        ids.append(row_id)
    return ids
