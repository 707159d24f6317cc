"""The rows of an entry that tell of people: taken away, or emptied where something else hangs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, exists, func, or_, select, update

from judging.db.models import (
    Assignment,
    BlindRepeat,
    Booth,
    ChairVote,
    Consent,
    ConsentTrace,
    Handover,
    IdempotentAnswer,
    Job,
    PaperTyping,
    PeopleLink,
    Prize,
    Receipt,
    Screening,
    SentMessage,
    SheetOverride,
    SheetVersion,
)
from judging.services.entries.draft_versions import forget_draft
from judging.services.files.uploads.ending import end_uploads
from judging.services.judges.conflicts.words import forget_texts
from judging.services.letters import LETTER_JOB

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from judging.db.models import Entry

_AT_A_TIME = 500
# A shorter title is looked for as a whole value only: it may be a part of anything.
_SHORTEST_PART = 8


def erase_dossier(session: Session, entry: Entry, *, now: datetime) -> Sequence[str]:
    """Take title, unit, answers, people with consents, files and uploads; returns the files' keys in the store."""
    keys = [*(file.key for file in entry.files), *end_uploads(session, entry=entry, now=now)]
    entry.title, entry.unit, entry.answers = "", "", {}
    entry.members.clear()
    entry.files.clear()
    entry.links.clear()
    session.flush()
    session.execute(delete(PeopleLink).where(PeopleLink.entry_id == entry.id))
    session.execute(delete(Booth).where(Booth.entry_id == entry.id))
    forget_draft(session, entry=entry)
    session.execute(update(Handover).where(Handover.entry_id == entry.id).values(note="", undone_reason=""))
    # Number and time stay, so that nobody can show a receipt that the office does not know. Its hash is over few facts.
    session.execute(update(Receipt).where(Receipt.entry_id == entry.id).values(content={}, sha256=""))
    return keys


def asked_addresses(session: Session, entry: Entry) -> frozenset[str]:
    """The addresses of guardians, co-authors, mentors and schools who were asked about the entry."""
    asked = select(PeopleLink.email).where(PeopleLink.entry_id == entry.id, PeopleLink.email != "")
    return frozenset(email.casefold() for email in session.scalars(asked))


def trace_consents(session: Session, entry: Entry, *, now: datetime) -> None:
    """Keep of each consent that it was given, when and by whose word: it must be shown for three years more."""
    members = {member.id: member for member in entry.members}
    for consent in session.scalars(select(Consent).where(Consent.member_id.in_(members))):
        session.add(
            ConsentTrace(
                contest_id=entry.contest_id, entry_id=entry.id, member_id=consent.member_id, purpose=consent.purpose,
                given_by=consent.given_by, given_at=consent.given_at, withdrawn_at=consent.withdrawn_at,
                data_gone_at=now,
            )
        )  # fmt: skip


def empty_reasons(session: Session, entry: Entry) -> None:
    """Empty every free text about the entry; the decisions themselves stay."""
    session.execute(update(Screening).where(Screening.entry_id == entry.id).values(reason=""))
    forget_texts(session, entry)
    session.execute(update(Prize).where(Prize.entry_id == entry.id).values(reason=""))
    overridden = SheetOverride.sheet_id.in_(_sheets_of(entry))
    session.execute(update(SheetOverride).where(overridden).values(reason=""))
    for vote in session.scalars(select(ChairVote).where(ChairVote.entry_id == entry.id)).all():
        # The minutes of a vote stand with each of the entries that were voted on.
        same = and_(ChairVote.contest_id == vote.contest_id, ChairVote.round == vote.round, ChairVote.at == vote.at)
        session.execute(update(ChairVote).where(same).values(reason=""))


def empty_sheets(session: Session, entry: Entry, *, marks: bool) -> None:
    """Empty what judges wrote about the entry, drafts included; `marks` too when they go."""
    comments: dict[str, Any] = {"comments": {}, "comment": ""}
    drafts = {**comments, "reason": "", **({"marks": {}} if marks else {})}
    session.execute(update(Assignment).where(Assignment.entry_id == entry.id).values(**drafts))
    sheets = {**comments, **({"marks": {}, "total": ""} if marks else {})}
    session.execute(
        update(SheetVersion)
        .where(SheetVersion.id.in_(_sheets_of(entry)))
        .values(**sheets)
        .execution_options(synchronize_session="fetch")
    )
    readings = select(Assignment.id).where(Assignment.entry_id == entry.id)
    # What was typed off a paper is the same words once more.
    session.execute(delete(PaperTyping).where(PaperTyping.assignment_id.in_(readings)))
    if marks:
        overridden = SheetOverride.sheet_id.in_(_sheets_of(entry))
        session.execute(update(SheetOverride).where(overridden).values(marks={}))


def sheets_are_left(session: Session, entry: Entry) -> bool:
    """Whether a sheet of the entry still has its marks."""
    left = exists().where(SheetVersion.id.in_(_sheets_of(entry)), SheetVersion.total != "")
    return bool(session.scalar(select(left)))


def erase_letters(session: Session, *, addresses: Collection[str], title: str) -> int:
    """Delete the letters to these addresses and those that tell of the title, sent or not; returns how many."""
    query = select(Job.id, Job.payload).where(Job.name == LETTER_JOB).execution_options(yield_per=_AT_A_TIME)
    gone = [job_id for job_id, payload in session.execute(query) if _tells(payload, addresses, title)]
    for start in range(0, len(gone), _AT_A_TIME):
        session.execute(delete(Job).where(Job.id.in_(gone[start : start + _AT_A_TIME])))
    return len(gone)


def erase_logged_letters(session: Session, entry: Entry, *, addresses: Collection[str], title: str) -> int:
    """Delete what was logged of letters about the entry, to these addresses, or naming the title; returns how many."""
    told = [SentMessage.entry_id == entry.id, func.lower(SentMessage.address).in_(addresses)]
    if len(title) >= _SHORTEST_PART:
        told += [column.contains(title, autoescape=True) for column in (SentMessage.subject, SentMessage.text)]
    gone = session.scalars(delete(SentMessage).where(or_(*told)).returning(SentMessage.id)).all()
    for start in range(0, len(gone), _AT_A_TIME):
        session.execute(delete(Job).where(Job.id.in_(gone[start : start + _AT_A_TIME])))
    return len(gone)


def forget_answers(session: Session, entry: Entry) -> None:
    """Delete the answers kept for repeated requests that name the entry or a reading of it."""
    readings = select(Assignment.id).where(Assignment.entry_id == entry.id)
    repeats = select(BlindRepeat.id).where(BlindRepeat.assignment_id.in_(readings))
    named = (entry.id, entry.alias, *session.scalars(readings), *session.scalars(repeats))
    # They lie sealed, so each is opened: the database cannot look into them.
    kept = session.execute(select(IdempotentAnswer.id, IdempotentAnswer.body).execution_options(yield_per=_AT_A_TIME))
    gone = [answer_id for answer_id, body in kept if any(one in body for one in named)]
    for start in range(0, len(gone), _AT_A_TIME):
        session.execute(delete(IdempotentAnswer).where(IdempotentAnswer.id.in_(gone[start : start + _AT_A_TIME])))


def _sheets_of(entry: Entry) -> Select[str]:
    readings = select(Assignment.id).where(Assignment.entry_id == entry.id)
    return select(SheetVersion.id).where(SheetVersion.assignment_id.in_(readings))


def _tells(payload: Mapping[str, Any], addresses: Collection[str], title: str) -> bool:
    if str(payload.get("to", "")).casefold() in addresses:
        return True
    values = [str(value) for value in payload.get("params", {}).values()]
    if not title:
        return False
    return title in values or (len(title) >= _SHORTEST_PART and any(title in value for value in values))
