"""The earlier versions of a draft's fields, for its owner: looked at, compared, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from judging.errors import N_, Conflict, NotFound
from judging.services.entries.draft_saving import begin_saving, put_text
from judging.services.entries.draft_versions import VERSION, Draft
from judging.services.entries.texts import standing_texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Entry
    from judging.domain.permissions import Actor
    from judging.domain.rules import ContestRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A text that a field had. `before` is the version that came before it, `standing` what the field says now."""

    id: str
    field: str
    at: datetime
    text: str
    before: str
    standing: str

    @property
    def is_standing(self) -> bool:
        """Whether the field says this now."""
        return self.text == self.standing


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldHistory:
    """A field with its versions, the newest first. `gone` where the person it is about is no author any more."""

    field: str
    versions: Sequence[Version]
    gone: bool


def draft_history(session: Session, *, entry: Entry, rules: ContestRules) -> list[FieldHistory]:
    """Every field that has another version than it says now, in the order of the form. One query and the people."""
    draft = Draft(session, entry)
    standing = draft.over(standing_texts(entry, rules))
    members = {member.id for member in entry.members}
    found = []
    for field in draft.fields():
        rows = list(reversed(draft.versions(field)))
        befores = ["", *(row.text for row in rows[:-1])]
        versions = [
            Version(
                id=row.id, field=field, at=row.at, text=row.text, before=before, standing=standing.get(field, "")
            )
            for row, before in zip(rows, befores, strict=True)
        ]  # fmt: skip
        if any(not one.is_standing for one in versions):
            gone = field.startswith("member:") and field.split(":")[1] not in members
            found.append(FieldHistory(field=field, versions=versions[::-1], gone=gone))
    order = {name: place for place, name in enumerate(standing)}
    return sorted(found, key=lambda one: (one.gone, order.get(one.field, len(order)), one.field))


def take_earlier_text(
    session: Session, *, entry: Entry, actor: Actor, rules: ContestRules, text_id: str, now: datetime
) -> str:
    """Make an earlier text what its field says, as a new version; return the field. What it said stays a version.

    Raises NotFound when the draft has no such version, and Conflict when it can no longer be changed, or the text is
    about somebody who is no author any more.
    """
    draft = begin_saving(session, entry, actor)
    row = draft.find(text_id, VERSION)
    if row is None:
        raise NotFound(N_("There is nothing here."))
    field, text = row.field, row.text
    if field.startswith("member:") and field.split(":")[1] not in {member.id for member in entry.members}:
        raise Conflict(N_("This person is no longer among the authors. Add them again first."))
    kind, _, key = field.partition(":")
    if kind == "answer" and all(one.key != key for one in rules.fields):
        raise Conflict(N_("The form does not ask this any more."))
    put_text(session, draft=draft, entry=entry, actor=actor, rules=rules, name=field, text=text, now=now)
    session.flush()
    return field
