"""For whom an account speaks: the author it is, and the children of whom it is father, mother or guardian."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from judging.db.models import Entry, EntryMember, PeopleLink
from judging.domain.country import GivenBy
from judging.domain.values import Problem
from judging.errors import N_, Refused
from judging.services.entries.people.roles import ACCEPTED, OF_MEMBERS, LinkRole, Method, word_of
from judging.services.entries.record import record_entry_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Account
    from judging.services.entries.people.standing import MemberState

Word = tuple[str, GivenBy]
"""A consent as a page names it: the member's id and whose word it is."""

_NOT_A_CHILD = N_(
    "A child cannot agree as a guardian. Send the link to a father or mother, or hand out the paper form."
)
_IN_ROLE = {GivenBy.SELF: LinkRole.COAUTHOR, GivenBy.GUARDIAN: LinkRole.GUARDIAN}


def words_spoken(states: Iterable[MemberState], account_id: str | None) -> frozenset[Word]:
    """The words that this account may give for the authors of an entry.

    A guardian's account also records what the child itself says: they read it together.
    """
    if account_id is None:
        return frozenset()
    found: set[Word] = set()
    for state in states:
        for link in state.member.links:
            if link.account_id == account_id and link.answer == ACCEPTED:
                found |= words_of_link(link, state)
    return frozenset(found)


def words_of_link(link: PeopleLink, state: MemberState) -> frozenset[Word]:
    """The words that whoever holds this link may give for the author it is about."""
    word = word_of(LinkRole(link.role))
    words = {(state.member.id, word)} if word in state.needed or word in {by for _, by in state.standing} else set()
    if word is GivenBy.GUARDIAN and state.child and GivenBy.SELF in state.needed:
        words.add((state.member.id, GivenBy.SELF))
    return frozenset(words)


def claim_word(
    session: Session, *, entry: Entry, states: Sequence[MemberState], word: Word, account: Account, now: datetime
) -> None:
    """Say that this account is that author, or that child's guardian; nothing happens when it speaks for them already.

    Raises Refused: an account is one author at most, a child is nobody's guardian, and grown-ups have none.
    """
    if word in words_spoken(states, account.id):
        return
    state = next((one for one in states if one.member.id == word[0]), None)
    if state is None or (message := _against(states, state, word[1], account.id)):
        problem = message if state is not None else N_("This author is no longer part of the entry.")
        raise Refused([Problem(code="cannot-speak", message=problem, where="consents")])
    role = _IN_ROLE[word[1]]
    link = PeopleLink(
        entry_id=entry.id, role=role.value, name=account.name, email=account.email, locale=account.locale,
        asked_at=now, answered_at=now, answer=ACCEPTED, answered_name=account.name, method=Method.ACCOUNT.value,
        account_id=account.id,
    )  # fmt: skip
    state.member.links.append(link)
    session.flush()
    record_entry_event(
        session, entry=entry, action="people-answered", actor_id=account.id, now=now, subject="member",
        subject_id=state.member.id, details={"role": role.value, "method": Method.ACCOUNT.value},
    )  # fmt: skip


def _against(states: Sequence[MemberState], state: MemberState, by: GivenBy, account_id: str) -> str:
    own = [one for one in states if _holds(one, LinkRole.COAUTHOR, account_id)]
    guards = any(_holds(one, LinkRole.GUARDIAN, account_id) for one in states)
    if by is GivenBy.GUARDIAN:
        if not state.child:
            return N_("This author is grown up and needs no guardian's word.")
        return _NOT_A_CHILD if any(one.child for one in own) else ""
    if own:
        return N_("One account speaks for one author. Send the others their link.")
    if any(link.role == LinkRole.COAUTHOR and link.account_id for link in state.member.links):
        return N_("Another account speaks for this author already.")
    return N_("A guardian's account cannot be an author's who is a child.") if guards and state.child else ""


def _holds(state: MemberState, role: LinkRole, account_id: str) -> bool:
    return any(link.role == role and link.account_id == account_id for link in state.member.links)


def links_of_account(session: Session, *, account_id: str) -> Sequence[PeopleLink]:
    """What an account was asked and answered about authors of entries, the newest first."""
    query = (
        select(PeopleLink)
        .join(Entry, Entry.id == PeopleLink.entry_id)
        .where(
            PeopleLink.account_id == account_id,
            PeopleLink.role.in_([role.value for role in OF_MEMBERS]),
            Entry.erased_at.is_(None),
        )
        .options(
            joinedload(PeopleLink.entry).joinedload(Entry.contest),
            joinedload(PeopleLink.member).selectinload(EntryMember.consents),
        )
        .order_by(PeopleLink.asked_at.desc(), PeopleLink.id)
        .limit(100)
    )
    return session.scalars(query).all()


def is_coauthor(session: Session, *, entry_id: str, account_id: str | None) -> bool:
    """Whether the account is tied to the entry as one of its authors or as a guardian of one."""
    if account_id is None:
        return False
    query = select(PeopleLink.id).where(
        PeopleLink.entry_id == entry_id, PeopleLink.account_id == account_id, PeopleLink.answer == ACCEPTED
    )
    return session.scalar(query.limit(1)) is not None
