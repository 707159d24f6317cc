"""What the administration pages read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from judging.db.models import Account, Contest, Organisation, OrganisationRole


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRow:
    """An organisation with how many contests it owns and how many people run all of them."""

    organisation: Organisation
    contests: int
    organisers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KindUse:
    """How many contests of a kind there are."""

    kind: str
    contests: int


def kinds_in_use(session: Session) -> list[KindUse]:
    """The contest kinds of all stored contests, whether or not their plugins are installed."""
    query = select(Contest.kind, func.count()).group_by(Contest.kind).order_by(Contest.kind)
    return [KindUse(kind=kind, contests=count) for kind, count in session.execute(query)]


def contests_of_kinds(session: Session, *, kinds: Sequence[str]) -> Sequence[Contest]:
    """The contests of those kinds, the newest first; at most 100."""
    query = select(Contest).where(Contest.kind.in_(kinds)).order_by(Contest.created_at.desc()).limit(100)
    return session.scalars(query).all()


def count_organisations(session: Session) -> int:
    """How many organisations there are."""
    return session.scalar(select(func.count()).select_from(Organisation)) or 0


def list_organisations(session: Session, *, limit: int, offset: int) -> list[OrganisationRow]:
    """Organisations by name, with counts."""
    contests = (
        select(func.count()).where(Contest.organisation_id == Organisation.id).correlate(Organisation).scalar_subquery()
    )
    organisers = (
        select(func.count())
        .where(OrganisationRole.organisation_id == Organisation.id, OrganisationRole.role == "organiser")
        .correlate(Organisation)
        .scalar_subquery()
    )
    query = (
        select(Organisation, contests, organisers)
        .order_by(Organisation.name, Organisation.id)
        .limit(limit)
        .offset(offset)
    )
    return [
        OrganisationRow(organisation=organisation, contests=owned, organisers=people)
        for organisation, owned, people in session.execute(query)
    ]


def count_accounts(session: Session, *, words: str = "") -> int:
    """How many accounts fit the words."""
    query = select(func.count()).select_from(Account)
    return session.scalar(query.where(_fits(words)) if words else query) or 0


def list_accounts(session: Session, *, limit: int, offset: int, words: str = "") -> Sequence[Account]:
    """Accounts by name; administrators first."""
    query = select(Account).order_by(Account.is_administrator.desc(), Account.name, Account.id)
    if words:
        query = query.where(_fits(words))
    return session.scalars(query.limit(limit).offset(offset)).all()


def _fits(words: str) -> ColumnElement[bool]:
    return or_(Account.name.icontains(words, autoescape=True), Account.email_key.icontains(words, autoescape=True))
