"""Who agrees in the demo: guardians and children to taking part, most of them to being named.

What is drawn here beside the names comes from draws of its own, so that everything else of a year stays as it was.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from judging.db.models import Consent, Entry, EntryMember, PeopleLink
from judging.demo.draw import Draw
from judging.demo.edition import Edition
from judging.demo.people import People
from judging.domain.addresses import email_key
from judging.domain.country import GivenBy, Purpose
from judging.domain.entry_states import EntryState
from judging.domain.roles import Role
from judging.services.entries.people.giving import Proof
from judging.services.entries.people.roles import ACCEPTED, LinkRole, Method
from judging.services.entries.people.terms import Terms
from judging.services.entries.people.wording import in_language, keep_text, statement

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_LOCALE = "vi"
_WORDS = (GivenBy.SELF, GivenBy.GUARDIAN)


def add_consents(edition: Edition, entry: Entry, member: EntryMember, at: datetime) -> None:
    """Most agree to be named, some only half of the way, some not at all; who handed in has agreed to take part."""
    agreement = _Agreement(edition, entry, member, at)
    agreement.to_be_named()
    agreement.to_take_part()


def keep_texts(session: Session) -> None:
    """Keep the words to which everybody in the demo agreed."""
    for purpose in Purpose:
        for by in GivenBy:
            keep_text(session, msgid=statement(purpose, by), locale=_LOCALE)


class _Agreement:
    """What one author and their guardian agree to."""

    def __init__(self, edition: Edition, entry: Entry, member: EntryMember, at: datetime) -> None:
        self._edition, self._entry, self._member, self._at = edition, entry, member, at
        self._children = edition.rules.children
        self._needed = Terms(among_children=self._children).needed(member.born, at.date())
        self._draw = Draw(f"consents:{entry.alias}:{member.position}")
        self._guardian = People(self._draw).name()
        self._on_paper = self._children and self._draw.chance(0.2)

    def to_be_named(self) -> None:
        """The consents to the name, drawn as ever: a word that is not needed is drawn and left out."""
        draw = self._edition.world.draw
        words = _WORDS if self._children else _WORDS[:1]
        share = draw.random.random()
        drawn = words if share < 0.78 else _WORDS[:1] if share < 0.88 and len(words) > 1 else ()
        # One who needs no guardian any more is not named by what was half of an agreement.
        agreed = [word for word in drawn if word in self._needed] if len(drawn) == len(words) or self._halves() else []
        for word in drawn:
            moment, row_id = self._at + timedelta(minutes=draw.random.randint(5, 19)), draw.new_id()
            if word in agreed:
                self._give(Purpose.PUBLISH_NAME, word, moment, row_id)

    def to_take_part(self) -> None:
        """The consents to taking part, with the questions that brought them; drafts still wait for the guardian."""
        asked = self._at + timedelta(minutes=4)
        draft = self._entry.state == EntryState.DRAFT.value
        for word in sorted(self._needed):
            waits = draft and word is GivenBy.GUARDIAN
            if not waits:
                self._give(Purpose.TAKE_PART, word, asked + timedelta(minutes=30), self._draw.new_id())
            if word is GivenBy.GUARDIAN and not (self._on_paper and not waits):
                self._ask(asked, None if waits else asked + timedelta(minutes=30))

    def _halves(self) -> bool:
        return len(self._needed) == len(_WORDS)

    def _give(self, purpose: Purpose, by: GivenBy, moment: datetime, row_id: str) -> None:
        proof = self._proof(by)
        words = in_language(statement(purpose, by), _LOCALE)
        self._edition.world.rows.add(
            Consent(
                id=row_id, member_id=self._member.id, purpose=purpose.value, given_by=by.value, given_at=moment,
                method=proof.method.value, text_sha256=hashlib.sha256(words.encode()).hexdigest(), by_name=proof.name,
                by_account_id=proof.account_id, withdrawn_at=None,
            )
        )  # fmt: skip
        self._edition.world.rows.event(
            moment, "consent-given", "member", self._member.id, actor_id=proof.account_id,
            contest_id=self._edition.contest.id, purpose=purpose.value, by=by.value, entry=self._entry.alias,
            method=proof.method.value,
        )  # fmt: skip

    def _proof(self, by: GivenBy) -> Proof:
        office = self._edition.world.office
        if self._is_guardians():
            guardian = office.accounts[Role.GUARDIAN]
            return Proof(method=Method.ACCOUNT, name=guardian.name, locale=_LOCALE, account_id=guardian.id)
        if self._on_paper:
            name = self._guardian if by is GivenBy.GUARDIAN else self._member.name
            return Proof(method=Method.PAPER, name=name, locale=_LOCALE, account_id=office.id_of(Role.SECRETARY))
        if by is GivenBy.SELF and self._member.is_lead:
            return Proof(method=Method.ACCOUNT, name=self._member.name, locale=_LOCALE, account_id=self._entry.owner_id)
        name = self._guardian if by is GivenBy.GUARDIAN else self._member.name
        return Proof(method=Method.LINK, name=name, locale=_LOCALE)

    def _is_guardians(self) -> bool:
        return self._children and self._entry.owner_id == self._edition.world.office.id_of(Role.GUARDIAN)

    def _ask(self, asked: datetime, answered: datetime | None) -> None:
        own = self._is_guardians()
        guardian = self._edition.world.office.accounts[Role.GUARDIAN]
        number = self._draw.random.randint(1, 9999)
        link = PeopleLink(
            id=self._draw.new_id(), entry_id=self._entry.id, member_id=self._member.id, role=LinkRole.GUARDIAN.value,
            name=guardian.name if own else self._guardian,
            email=guardian.email if own else email_key(f"phuhuynh-{number:04d}@example.vn"), locale=_LOCALE,
            asked_at=asked, sent_at=asked, expires_at=asked + timedelta(days=30), reminded_at=None,
            answer=ACCEPTED if answered else "", answered_at=answered,
            answered_name=(guardian.name if own else self._guardian) if answered else "",
            method=(Method.ACCOUNT if own else Method.LINK).value if answered else "", text_sha256="",
            account_id=guardian.id if own and answered else None,
        )  # fmt: skip
        self._edition.world.rows.add(link)
