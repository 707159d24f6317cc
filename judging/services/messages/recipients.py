"""Whom an organiser's message may go to: groups of a contest, and the people in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from judging.db.models import Entry, Judge, SentMessage
from judging.domain.addresses import ERASED_DOMAIN
from judging.domain.lifecycle import EntryState
from judging.errors import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Account, Contest

JUDGES = "judges"
GROUPS = {
    "drafts": N_("Owners of drafts"),
    "submitted": N_("Owners of entries that were handed in"),
    "returned": N_("Owners of entries returned to complete"),
    "eligible": N_("Owners of eligible entries"),
    "ineligible": N_("Owners of entries that were not admitted"),
    JUDGES: N_("Judges"),
}
"""The groups by key. What may tell a result (who went on, who won) is none of them."""

_STATES = {
    "drafts": (EntryState.DRAFT,),
    "submitted": (EntryState.SUBMITTED, EntryState.LATE),
    "returned": (EntryState.RETURNED,),
    "eligible": (EntryState.ELIGIBLE,),
    "ineligible": (EntryState.INELIGIBLE,),
}


class Recipient(NamedTuple):
    """A person, and the entry for whose sake they are written to; judges have none."""

    account: Account
    entry: Entry | None

    @property
    def key(self) -> str:
        """What a form names them by."""
        return self.entry.id if self.entry is not None else f"{JUDGES}:{self.account.id}"


def group_sizes(session: Session, contest: Contest) -> dict[str, int]:
    """How many recipients each group has: entries, and judges."""
    return {group: len(members_of(session, contest, (group,))) for group in GROUPS}


def members_of(session: Session, contest: Contest, groups: Collection[str]) -> Sequence[Recipient]:
    """Everybody in the groups, entries by number, then judges by name; whoever was erased is left out."""
    states = [state.value for group in groups for state in _STATES.get(group, ())]
    found = []
    if states:
        entries = session.scalars(
            select(Entry)
            .where(Entry.contest_id == contest.id, Entry.state.in_(states), Entry.erased_at.is_(None))
            .options(joinedload(Entry.owner))
            .order_by(Entry.number)
        )
        found += [Recipient(entry.owner, entry) for entry in entries]
    if JUDGES in groups:
        judges = session.scalars(
            select(Judge).where(Judge.contest_id == contest.id, Judge.is_active).options(joinedload(Judge.account))
        )
        people = sorted((judge.account for judge in judges), key=lambda one: (one.name, one.id))
        found += [Recipient(person, None) for person in people]
    return [one for one in found if not one.account.email_key.endswith(f"@{ERASED_DOMAIN}")]


def one_for_each_person(recipients: Sequence[Recipient]) -> Sequence[Recipient]:
    """The first recipient of each person."""
    first: dict[str, Recipient] = {}
    for one in recipients:
        first.setdefault(one.account.id, one)
    return list(first.values())


def written_to(
    session: Session, *, contest_id: str, account_ids: Collection[str], kind: str, since: datetime
) -> frozenset[str]:
    """Those of the people who were sent a letter of that kind, about this contest, since then."""
    found = session.scalars(
        select(SentMessage.account_id).where(
            SentMessage.contest_id == contest_id, SentMessage.kind == kind, SentMessage.created_at > since,
            SentMessage.account_id.in_(account_ids),
        )
    )  # fmt: skip
    return frozenset(one for one in found if one is not None)
