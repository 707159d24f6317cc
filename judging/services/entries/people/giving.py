"""Giving consents and taking them back: each a row or a moment of its own, nothing overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import Consent
from judging.domain.country import GivenBy, Purpose
from judging.domain.message_kinds import CONSENT_WITHDRAWN
from judging.errors import N_
from judging.services.entries.people.wording import keep_text, statement
from judging.services.entries.record import record_entry_event
from judging.services.letters import send_letter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Entry, EntryMember
    from judging.services.entries.people.roles import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How a word came, who said it, in which language it was shown, and the account that recorded it, if any."""

    method: Method
    name: str
    locale: str
    account_id: str | None = None


def give_consents(
    session: Session,
    *,
    entry: Entry,
    member: EntryMember,
    by: GivenBy,
    purposes: Iterable[Purpose],
    proof: Proof,
    now: datetime,
) -> tuple[Purpose, ...]:
    """Record that these purposes are agreed to; what stands already stays as it is. Returns what is new."""
    rows = select(Consent.purpose).where(
        Consent.member_id == member.id, Consent.given_by == by, Consent.withdrawn_at.is_(None)
    )
    standing = set(session.scalars(rows))
    wanted = set(purposes)
    new = tuple(purpose for purpose in Purpose if purpose in wanted and purpose not in standing)
    for purpose in new:
        session.add(
            Consent(
                member_id=member.id, purpose=purpose.value, given_by=by.value, given_at=now, method=proof.method.value,
                text_sha256=keep_text(session, msgid=statement(purpose, by), locale=proof.locale),
                by_name=proof.name[:200], by_account_id=proof.account_id,
            )
        )  # fmt: skip
        record_entry_event(
            session, entry=entry, action="consent-given", actor_id=proof.account_id, now=now, subject="member",
            subject_id=member.id, details={"purpose": purpose.value, "by": by.value, "method": proof.method.value},
        )  # fmt: skip
    session.flush()
    return new


def take_back(session: Session, *, entry: Entry, consent: Consent, proof: Proof, now: datetime) -> None:
    """Take a consent back at once; one that was taken back before stays so, with its first moment.

    Whoever made the entry is told when somebody takes part no longer.
    """
    if consent.withdrawn_at is not None:
        return
    consent.withdrawn_at, consent.withdrawn_method, consent.withdrawn_by = now, proof.method.value, proof.name[:200]
    session.flush()
    record_entry_event(
        session, entry=entry, action="consent-withdrawn", actor_id=proof.account_id, now=now, subject="member",
        subject_id=consent.member_id,
        details={"purpose": consent.purpose, "by": consent.given_by, "method": proof.method.value},
    )  # fmt: skip
    if consent.purpose == Purpose.TAKE_PART and entry.owner_id != proof.account_id:
        send_letter(
            session,
            to=entry.owner,
            subject=N_("Somebody no longer takes part"),
            text=N_(
                "For your entry “%(title)s” an agreement to take part was taken back: %(name)s.\n\n"
                "A draft cannot be handed in like this. Ask again on the page of the entry, or take the person out. "
                "If the entry was handed in already, write to the office of the contest.\n"
            ),
            params={"title": entry.title, "name": consent.member.name},
            now=now,
            about=entry,
            kind=CONSENT_WITHDRAWN,
            key=consent.id,
        )
