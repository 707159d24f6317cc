"""Reads of the screening desk: the queue with its filters, what is odd about a dossier, and its neighbours."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, subqueryload

from judging.db.models import Consent, Contest, DossierHold, Entry, EntryMember, Screening, ScreeningOpinion
from judging.db.queries.office_running import EntryFilter
from judging.db.queries.return_terms import overdue_entries
from judging.db.queries.screening_flags import lacks_things, looks_like_another
from judging.domain.lifecycle import EntryState

WAITING = (EntryState.SUBMITTED.value, EntryState.LATE.value)
FLAGS = ("late", "back", "consent", "things", "similar", "mine", "second", "disputed", "overdue")
"""What the queue may be narrowed to: late; returned and back; an author without any consent; a thing not received at
the office; looking like another entry; in my hand; waiting for a second person; two persons differ;
returned, and not back until its date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Which dossiers that wait are shown, to whom. `categories` None means all; `flag` one of FLAGS or empty.

    `things` are the keys of the contest's physical items.
    """

    actor_id: str
    now: datetime
    categories: Collection[str] | None = None
    text: str = ""
    prefix: str = ""
    flag: str = ""
    things: Collection[str] = ()

    def conditions(self, contest: Contest) -> list[ColumnElement[bool]]:
        """The filter as conditions on `Entry`."""
        states = (EntryState.RETURNED.value,) if self.flag == "overdue" else WAITING
        plain = EntryFilter(states=states, categories=self.categories, text=self.text, prefix=self.prefix)
        found = plain.conditions(contest)
        if self.flag:
            found.append(self._flagged())
        return found

    def _flagged(self) -> ColumnElement[bool]:
        opinions = exists().where(ScreeningOpinion.entry_id == Entry.id, ScreeningOpinion.closed_at.is_(None))
        said = (
            select(func.count(func.distinct(ScreeningOpinion.verdict)))
            .where(ScreeningOpinion.entry_id == Entry.id, ScreeningOpinion.closed_at.is_(None))
            .scalar_subquery()
        )
        conditions: Mapping[str, ColumnElement[bool]] = {
            "late": Entry.state == EntryState.LATE,
            "back": exists().where(Screening.entry_id == Entry.id, Screening.verdict == "returned"),
            "consent": Entry.id.in_(_without_consent()),
            "things": lacks_things(self.things),
            "similar": Entry.id.in_(looks_like_another(self.actor_id)),
            "mine": exists().where(
                DossierHold.entry_id == Entry.id, DossierHold.by_id == self.actor_id, DossierHold.until > self.now
            ),
            "second": and_(opinions, said == 1, ~opinions.where(ScreeningOpinion.by_id == self.actor_id)),
            "disputed": said > 1,
            "overdue": Entry.id.in_(overdue_entries(self.now)),
        }
        return conditions[self.flag]


def count_queue(session: Session, contest: Contest, chosen: QueueFilter) -> int:
    """How many dossiers wait."""
    return session.scalar(select(func.count()).select_from(Entry).where(*chosen.conditions(contest))) or 0


def list_queue(
    session: Session, contest: Contest, chosen: QueueFilter, *, offset: int = 0, limit: int | None = None
) -> Sequence[Entry]:
    """The dossiers that wait, the oldest first, with their people."""
    query = (
        select(Entry)
        .where(*chosen.conditions(contest))
        .options(subqueryload(Entry.members))
        .order_by(Entry.submitted_at, Entry.number)
        .offset(offset)
        .limit(limit)
    )
    return session.scalars(query).all()


def flags_of(session: Session, entry_ids: Collection[str], *, actor_id: str) -> Mapping[str, list[str]]:
    """What is odd about these dossiers, besides being late, as this person may know it: keys of FLAGS by entry.

    That a thing has not come is not odd before the last day, so it is only looked for.
    """
    found: dict[str, list[str]] = {}
    back = select(Screening.entry_id).where(Screening.entry_id.in_(entry_ids), Screening.verdict == "returned")
    consent = _without_consent().where(EntryMember.entry_id.in_(entry_ids))
    opinions = (
        select(ScreeningOpinion.entry_id, func.count(func.distinct(ScreeningOpinion.verdict)))
        .where(ScreeningOpinion.entry_id.in_(entry_ids), ScreeningOpinion.closed_at.is_(None))
        .group_by(ScreeningOpinion.entry_id)
    )
    alike = looks_like_another(actor_id).subquery()
    similar = select(alike.c.id).where(alike.c.id.in_(entry_ids))
    for key, query in (("back", back), ("consent", consent), ("similar", similar)):
        for entry_id in set(session.scalars(query)):
            found.setdefault(entry_id, []).append(key)
    for entry_id, verdicts in session.execute(opinions):
        found.setdefault(entry_id, []).append("disputed" if verdicts > 1 else "second")
    return found


def following(
    session: Session, contest: Contest, chosen: QueueFilter, *, after: Entry | None = None, back: bool = False
) -> Entry | None:
    """The next dossier for this person: not their own, in nobody else's hand, and not said their word of already.

    With `after` the one behind it in the queue, and from the front again when there is none; `back` goes the other way.
    """
    mine = chosen.actor_id
    free = (
        Entry.owner_id != mine,
        ~exists().where(
            DossierHold.entry_id == Entry.id, DossierHold.by_id != mine, DossierHold.until > chosen.now
        ),
        ~exists().where(
            ScreeningOpinion.entry_id == Entry.id, ScreeningOpinion.by_id == mine, ScreeningOpinion.closed_at.is_(None)
        ),
    )  # fmt: skip
    order = (Entry.submitted_at.desc(), Entry.number.desc()) if back else (Entry.submitted_at, Entry.number)
    query = select(Entry).where(*chosen.conditions(contest), *free).order_by(*order).limit(1)
    # A draft has no place in the queue.
    if after is None or after.submitted_at is None:
        return session.scalars(query).first()
    beyond = _beyond(after, back=back)
    query = query.where(Entry.id != after.id)
    return session.scalars(query.where(beyond)).first() or session.scalars(query).first()


def _beyond(entry: Entry, *, back: bool) -> ColumnElement[bool]:
    if back:
        return or_(
            Entry.submitted_at < entry.submitted_at,
            and_(Entry.submitted_at == entry.submitted_at, Entry.number < entry.number),
        )
    return or_(
        Entry.submitted_at > entry.submitted_at,
        and_(Entry.submitted_at == entry.submitted_at, Entry.number > entry.number),
    )


def _without_consent() -> Select[str]:
    """Entries of which an author has given no consent that stands."""
    stands = exists().where(Consent.member_id == EntryMember.id, Consent.withdrawn_at.is_(None))
    return select(EntryMember.entry_id).where(~stands)
