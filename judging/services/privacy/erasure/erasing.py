"""Erasing an entry: everything about its people goes; alias, number, category, state and, unless asked, marks stay.

What stays because it must: acts in the audit log (five years; they hold ids and aliases, and the reasons that the
office typed), and the hashes of leaves, which without their salts cannot be held against a guess.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.db.jobs import enqueue_job
from judging.domain.contest_phases import ContestPhase
from judging.domain.entry_states import EntryState
from judging.domain.privacy_rights import can_erase_entry
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, Refused
from judging.services.audit import record_event
from judging.services.entries.similar.index import forget_entry
from judging.services.privacy.erasure.afterwards import note_erased
from judging.services.privacy.erasure.judge_words import empty_judge_words
from judging.services.privacy.erasure.leaves import erase_leaves
from judging.services.privacy.erasure.office_words import (
    asked_names,
    empty_announcements,
    empty_desk,
    forget_import,
    unlink_signed_lists,
)
from judging.services.privacy.erasure.owner import erase_owner
from judging.services.privacy.erasure.rows import (
    asked_addresses,
    empty_reasons,
    empty_sheets,
    erase_dossier,
    erase_letters,
    erase_logged_letters,
    forget_answers,
    sheets_are_left,
    trace_consents,
)
from judging.services.privacy.erasure.tombstones import Tombstone
from judging.services.privacy.traces import forget_exports, forget_linked_exports, forget_requests
from judging.services.results.prizes import living_publication
from judging.services.rounds.entries import OUT_OF_PLAY
from judging.services.score_log.opening import ensure_log
from judging.services.score_log.publishing import BUNDLE_JOB

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Entry
    from judging.domain.permissions import Actor

_ENDED = (ContestPhase.PUBLISHED, ContestPhase.ARCHIVED, ContestPhase.CANCELLED)
_NOT_JUDGED = (EntryState.DRAFT.value, *OUT_OF_PLAY)
# A shorter name is part of too many words to be looked for in a sentence.
_SHORTEST_NAME = 3


def erase_entry(session: Session, *, entry: Entry, actor: Actor, reason: str, with_sheets: bool, now: datetime) -> None:
    """Erase the people of an entry for good, and `with_sheets` its marks too; bytes of files go after the commit.

    Raises NotAllowed; Conflict for one that is still judged, or erased already; Refused without a reason, or with one
    that names what is to be erased.
    """
    if not can_erase_entry(actor):
        raise NotAllowed(N_("Only the organiser and the administrator erase entries."))
    session.refresh(entry, ["state", "version", "erased_at"], with_for_update=True)
    _check_time(session, entry, with_sheets=with_sheets)
    if problem := _wrong_with(reason, entry):
        raise Refused([Problem(code="reason", where="reason", message=problem)])
    _erase(
        session, entry, with_sheets=with_sheets, actor_id=actor.account_id, details={"reason": reason.strip()}, now=now
    )


def erase_again(session: Session, *, entry: Entry, with_sheets: bool, now: datetime) -> None:
    """Erase an entry that a restored backup brought back. Nobody is asked: it was decided before."""
    _erase(session, entry, with_sheets=with_sheets, actor_id=None, details={"restored": True}, now=now)


def erase_unconsented(session: Session, *, entry: Entry, now: datetime) -> None:
    """Erase a child's draft to which no guardian agreed in time. The law asks for it, so nobody else is asked."""
    _erase(session, entry, with_sheets=False, actor_id=None, details={"cause": "no-guardian-consent"}, now=now)


def needs_erasing(session: Session, entry: Entry, *, with_sheets: bool) -> bool:
    """Whether anything is left that an erasure takes."""
    return entry.erased_at is None or (with_sheets and sheets_are_left(session, entry))


def may_be_erased(session: Session, entry: Entry) -> bool:
    """Whether the entry can be erased now: it is out of the contest, or the contest is over."""
    over = ContestPhase(entry.contest.phase) in _ENDED or entry.state in _NOT_JUDGED
    return over and needs_erasing(session, entry, with_sheets=True)


def _check_time(session: Session, entry: Entry, *, with_sheets: bool) -> None:
    phase = ContestPhase(entry.contest.phase)
    if phase not in _ENDED and entry.state not in _NOT_JUDGED:
        raise Conflict(N_("The entry is still in the contest. Withdraw it first, or wait until results are published."))
    if not needs_erasing(session, entry, with_sheets=with_sheets):
        raise Conflict(N_("This entry was erased already."))
    withdrawn = phase is ContestPhase.PUBLISHED and living_publication(session, contest=entry.contest) is None
    if with_sheets and withdrawn:
        raise Conflict(N_("The publication is withdrawn. Publish the results anew before marks are erased."))


def _wrong_with(reason: str, entry: Entry) -> str:
    if not reason.strip():
        return N_("Write the reason.")
    said = reason.casefold()
    if any(one.casefold() in said for one in _names(entry)):
        return N_("The reason stays in the record: write it without names, addresses and the title of the entry.")
    return ""


def _names(entry: Entry) -> Iterator[str]:
    found = [entry.title, entry.unit, entry.owner.name, entry.owner.email]
    found += [text for member in entry.members for text in (member.name, member.email, member.unit)]
    return (text.strip() for text in found if len(text.strip()) >= _SHORTEST_NAME)


def _empty_office(session: Session, entry: Entry, *, words: Collection[str]) -> None:
    empty_desk(session, entry)
    forget_import(session, entry, words=words)
    empty_announcements(session, entry, words=words)
    unlink_signed_lists(session, entry)


def _erase(
    session: Session,
    entry: Entry,
    *,
    with_sheets: bool,
    actor_id: str | None,
    details: dict[str, object],
    now: datetime,
) -> None:
    contest = entry.contest
    # A log that began after the erasure would never have known the marks.
    ensure_log(session, contest, now=now)
    addresses = {member.email.casefold() for member in entry.members if member.email}
    addresses |= asked_addresses(session, entry)
    title = entry.title
    words = {*_names(entry), *addresses, *asked_names(session, entry)}
    trace_consents(session, entry, now=now)
    keys = [*forget_linked_exports(session, entry_id=entry.id), *erase_dossier(session, entry, now=now)]
    keys += forget_exports(session, account_id=entry.owner_id)
    forget_requests(session, entry_id=entry.id)
    addresses |= erase_owner(session, entry, now=now)
    letters = erase_letters(session, addresses=addresses, title=title)
    erase_logged_letters(session, entry, addresses=addresses, title=title)
    forget_answers(session, entry)
    forget_entry(session, entry.id)
    empty_reasons(session, entry)
    _empty_office(session, entry, words=words)
    empty_sheets(session, entry, marks=with_sheets)
    empty_judge_words(session, entry)
    erase_leaves(session, contest, alias=entry.alias, with_sheets=with_sheets)
    entry.erased_at = entry.erased_at or now
    session.flush()
    record_event(
        session, action="entry-erased", subject="entry", subject_id=entry.id, actor_id=actor_id,
        contest_id=contest.id, now=now,
        details={
            "entry": entry.alias, "files": len(keys), "letters": letters, "with_sheets": with_sheets, **details
        },
    )  # fmt: skip
    if living_publication(session, contest=contest) is not None:
        enqueue_job(session, name=BUNDLE_JOB, payload={"contest": contest.id}, now=now)
    stone = Tombstone(entry=entry.id, contest=contest.slug, at=now, with_sheets=with_sheets)
    note_erased(session, stone, file_keys=keys)
