"""What the set-up pages of the office read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from judging.db.models import (
    Account,
    Amendment,
    Contest,
    ContestRole,
    Entry,
    Judge,
    Organisation,
    OrganisationRole,
    Panel,
    PanelSeat,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestRow:
    """A contest in the list of the office, with how many entries were handed in."""

    contest: Contest
    entries: int


def count_contests(session: Session, *, account_id: str) -> int:
    """How many contests the person has an office in."""
    return session.scalar(select(func.count()).select_from(Contest).where(_office_of(account_id))) or 0


def list_contests(session: Session, *, account_id: str, limit: int, offset: int) -> list[ContestRow]:
    """The contests the person has an office in, the newest first."""
    entries = (
        select(func.count())
        .where(Entry.contest_id == Contest.id, Entry.state != "draft")
        .correlate(Contest)
        .scalar_subquery()
    )
    query = (
        select(Contest, entries)
        .where(_office_of(account_id))
        .options(joinedload(Contest.organisation))
        .order_by(Contest.year.desc(), Contest.created_at.desc(), Contest.id)
        .limit(limit)
        .offset(offset)
    )
    return [ContestRow(contest=contest, entries=count) for contest, count in session.execute(query)]


def _office_of(account_id: str) -> ColumnElement[bool]:
    by_contest = select(ContestRole.contest_id).where(ContestRole.account_id == account_id)
    by_organisation = select(OrganisationRole.organisation_id).where(OrganisationRole.account_id == account_id)
    return or_(Contest.id.in_(by_contest), Contest.organisation_id.in_(by_organisation))


def organisations_for(session: Session, *, ids: Collection[str] | None) -> list[Organisation]:
    """The organisations of those ids, or all of them, by name."""
    query = select(Organisation).order_by(Organisation.name, Organisation.id)
    if ids is not None:
        query = query.where(Organisation.id.in_(ids))
    return list(session.scalars(query))


def list_amendments(session: Session, *, contest_id: str) -> Sequence[Amendment]:
    """The contest's amendments with who made them, the newest first; at most 100."""
    query = (
        select(Amendment)
        .where(Amendment.contest_id == contest_id)
        .options(joinedload(Amendment.by))
        .order_by(Amendment.at.desc())
        .limit(100)
    )
    return session.scalars(query).all()


def judges_by_panel(session: Session, *, contest_id: str) -> dict[str, int]:
    """How many active judges sit in each panel that has any, by panel id."""
    query = (
        select(PanelSeat.panel_id, func.count())
        .join(Judge, Judge.id == PanelSeat.judge_id)
        .where(Judge.contest_id == contest_id, Judge.is_active)
        .group_by(PanelSeat.panel_id)
    )
    return dict(session.execute(query).all())


def count_judges(session: Session, *, contest_id: str, words: str = "", panel_id: str = "") -> int:
    """How many judges of the contest fit the filter."""
    query = select(func.count()).select_from(Judge).join(Judge.account)
    return session.scalar(query.where(*_fitting(contest_id, words, panel_id))) or 0


def list_judges(
    session: Session, *, contest_id: str, limit: int, offset: int, words: str = "", panel_id: str = ""
) -> Sequence[Judge]:
    """The judges of the contest with their accounts and panels, by name, active ones first."""
    query = (
        select(Judge)
        .join(Judge.account)
        .where(*_fitting(contest_id, words, panel_id))
        .options(joinedload(Judge.account), selectinload(Judge.seats).joinedload(PanelSeat.panel))
        .order_by(Judge.is_active.desc(), Account.name, Judge.id)
        .limit(limit)
        .offset(offset)
    )
    return session.scalars(query).all()


def _fitting(contest_id: str, words: str, panel_id: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Judge.contest_id == contest_id]
    if words:
        conditions.append(_names(words))
    if panel_id:
        conditions.append(Judge.id.in_(select(PanelSeat.judge_id).where(PanelSeat.panel_id == panel_id)))
    return conditions


def _names(words: str) -> ColumnElement[bool]:
    return or_(Account.name.icontains(words, autoescape=True), Account.email_key.icontains(words, autoescape=True))


def list_staff(session: Session, *, contest: Contest) -> Sequence[ContestRole]:
    """The office of the contest itself, by role and name; at most 200."""
    query = (
        select(ContestRole)
        .join(ContestRole.account)
        .where(ContestRole.contest_id == contest.id)
        .options(joinedload(ContestRole.account))
        .order_by(ContestRole.role, Account.name)
        .limit(200)
    )
    return session.scalars(query).all()


def list_organisation_staff(session: Session, *, organisation_id: str) -> Sequence[OrganisationRole]:
    """Who holds a role in all contests of the organisation, by role and name; at most 200."""
    query = (
        select(OrganisationRole)
        .join(OrganisationRole.account)
        .where(OrganisationRole.organisation_id == organisation_id)
        .options(joinedload(OrganisationRole.account))
        .order_by(OrganisationRole.role, Account.name)
        .limit(200)
    )
    return session.scalars(query).all()


def panels_of(session: Session, *, contest_id: str) -> Sequence[Panel]:
    """The contest's panels in their order."""
    return session.scalars(select(Panel).where(Panel.contest_id == contest_id).order_by(Panel.position)).all()
