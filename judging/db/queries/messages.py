"""The log of letters as pages show it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import defer, joinedload

from judging.db.models import Entry, SentMessage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFilter:
    """What of the log is asked for; empty parts ask for everything. `besides` are kinds that the reader may not see."""

    state: str = ""
    kind: str = ""
    person: str = ""
    entry_id: str = ""
    besides: tuple[str, ...] = ()

    def where(self, contest_id: str) -> ColumnElement[bool]:
        """The rows of the contest that are meant."""
        found = [SentMessage.contest_id == contest_id]
        if self.besides:
            found.append(SentMessage.kind.not_in(self.besides))
        pairs = ((SentMessage.state, self.state), (SentMessage.kind, self.kind), (SentMessage.entry_id, self.entry_id))
        found += [column == value for column, value in pairs if value]
        if self.person:
            found.append(func.lower(SentMessage.address).contains(self.person.casefold(), autoescape=True))
        return and_(*found)


def count_messages(session: Session, contest_id: str, chosen: MessageFilter) -> int:
    """How many letters are meant."""
    return session.scalar(select(func.count(SentMessage.id)).where(chosen.where(contest_id))) or 0


def count_states(session: Session, contest_id: str, *, besides: tuple[str, ...] = ()) -> Counter[str]:
    """How many letters stand where."""
    asked = MessageFilter(besides=besides).where(contest_id)
    query = select(SentMessage.state, func.count()).where(asked).group_by(SentMessage.state)
    return Counter(dict(session.execute(query).all()))


def list_messages(
    session: Session, contest_id: str, chosen: MessageFilter, *, offset: int = 0, limit: int, before: str = "",
    failed_first: bool = True,
) -> Sequence[SentMessage]:  # fmt: skip
    """Letters without their texts, what could not be sent first, then the newest; `before` is the last one's id."""
    query = (
        select(SentMessage)
        .where(chosen.where(contest_id))
        .options(joinedload(SentMessage.entry), joinedload(SentMessage.account), defer(SentMessage.text))
        .limit(limit)
        .offset(offset)
    )
    if before:
        query = query.where(SentMessage.id < before)
    if failed_first:
        query = query.order_by(case((SentMessage.state == "failed", 0), else_=1))
    return session.scalars(query.order_by(SentMessage.id.desc())).all()


def find_message(session: Session, message_id: str) -> SentMessage | None:
    """One letter with its contest's entry and reader."""
    query = select(SentMessage).where(SentMessage.id == message_id)
    return session.scalar(query.options(joinedload(SentMessage.entry), joinedload(SentMessage.account)))


def letters_about(session: Session, entry: Entry, *, account_id: str) -> Sequence[SentMessage]:
    """The letters about an entry that went to this person, the newest first."""
    query = (
        select(SentMessage)
        .where(SentMessage.entry_id == entry.id, SentMessage.account_id == account_id)
        .order_by(SentMessage.id.desc())
    )
    return session.scalars(query).all()
