"""Proofs of age: seen by the office, then deleted. What stays is who saw it when, for whom it was."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from judging.db.models import AgeCheck
from judging.domain.lifecycle import ContestPhase
from judging.domain.privacy_rights import can_check_age
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, NotFound, Refused
from judging.services.entries.record import record_entry_event
from judging.services.files.disposal import dispose_of, keys_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Entry, EntryFile, EntryMember
    from judging.domain.fields import DossierItem
    from judging.domain.permissions import Actor
    from judging.domain.rules import ContestRules


def proof_items(rules: ContestRules) -> frozenset[str]:
    """The dossier items whose files are deleted once they were checked."""
    return frozenset(item.key for item in rules.dossier if item.delete_after_check)


def standing_checks(session: Session, entry: Entry) -> Mapping[str, AgeCheck]:
    """By member: the checks that still hold. One of somebody who was renamed, or born anew, holds no longer."""
    query = select(AgeCheck).where(AgeCheck.entry_id == entry.id).options(joinedload(AgeCheck.by))
    made = {check.member_id: check for check in session.scalars(query)}
    return {
        member.id: made[member.id]
        for member in entry.members
        if member.id in made and made[member.id].person_sha256 == _fingerprint(member)
    }


def checked_items(session: Session, *, entry: Entry, rules: ContestRules) -> frozenset[str]:
    """The items that need no file any more: the office has verified every author."""
    items = proof_items(rules)
    return items if items and _all_are_verified(session, entry) else frozenset()


def require_unverified(session: Session, *, entry: Entry, item: DossierItem) -> None:
    """Raise Refused for a proof that nobody needs: it would be kept, while all proofs were deleted when checked."""
    if item.delete_after_check and _all_are_verified(session, entry):
        message = N_(
            "The office has verified the age of every author and deleted the proofs. “%(item)s” is not needed any "
            "more: send nothing here."
        )
        raise Refused([Problem(code="verified", message=message, params={"item": item.label}, where="file")])


def may_check_ages(entry: Entry, actor: Actor, rules: ContestRules) -> bool:
    """Whether the actor may verify the ages of the entry's authors now."""
    phase = ContestPhase(entry.contest.phase)
    own = actor.account_id is None or entry.owner_id == actor.account_id
    return bool(
        proof_items(rules) and entry.submitted_at and entry.erased_at is None
        and can_check_age(actor, phase=phase) and not own
    )  # fmt: skip


def verify_age(
    session: Session, *, entry: Entry, member_id: str, actor: Actor, rules: ContestRules, now: datetime
) -> AgeCheck:
    """Record that an author's proof of age was seen. With the last author the proofs are deleted, bytes and all.

    Raises NotAllowed, NotFound for nobody of the entry, and Conflict without a birth date or for a second time.
    """
    if not may_check_ages(entry, actor, rules):
        raise NotAllowed(N_("Ages are verified by the secretary and the organiser, of entries that are not their own."))
    session.refresh(entry, ["version"], with_for_update=True)
    member = next((one for one in entry.members if one.id == member_id), None)
    if member is None:
        raise NotFound(N_("There is nothing here."))
    if member.born is None:
        raise Conflict(N_("There is no birth date to hold the proof against."))
    if member.id in standing_checks(session, entry):
        raise Conflict(N_("That author's age was verified before."))
    check = _write(session, entry, member, actor, now)
    gone = _delete_proofs(session, entry, rules)
    record_entry_event(
        session, entry=entry, action="age-verified", actor_id=actor.account_id, now=now, details={"files": len(gone)},
        subject="member", subject_id=member.id,
    )  # fmt: skip
    return check


def _write(session: Session, entry: Entry, member: EntryMember, actor: Actor, now: datetime) -> AgeCheck:
    check = session.scalar(select(AgeCheck).where(AgeCheck.member_id == member.id))
    if check is None:
        check = AgeCheck(entry_id=entry.id, member_id=member.id)
        session.add(check)
    check.person_sha256, check.by_id, check.at = _fingerprint(member), str(actor.account_id), now
    session.flush()
    return check


def _delete_proofs(session: Session, entry: Entry, rules: ContestRules) -> Sequence[EntryFile]:
    items = checked_items(session, entry=entry, rules=rules)
    gone = [file for file in entry.files if file.item in items]
    dispose_of(session, keys_of(gone))
    for file in gone:
        entry.files.remove(file)
    session.flush()
    return gone


def _all_are_verified(session: Session, entry: Entry) -> bool:
    checks = standing_checks(session, entry)
    return bool(entry.members) and all(member.id in checks for member in entry.members)


def _fingerprint(member: EntryMember) -> str:
    return hashlib.sha256(f"{member.name_key}\n{member.born}".encode()).hexdigest()
