"""Organisations and the people who run all their contests: the administrator's work."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Account, Organisation, OrganisationRole
from judging.domain.permissions import Role
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, NotFound, Refused
from judging.services.access.invitations import Invited, find_or_invite
from judging.services.audit import record_event
from judging.services.letters import send_secret_letter

if TYPE_CHECKING:
    from judging.settings import Settings

ORGANISATION_ROLES = (Role.ORGANISER, Role.SECRETARY, Role.COMMITTEE, Role.AUDITOR)

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_LONGEST_SLUG = 60
_LONGEST_NAME = 200


def create_organisation(session: Session, *, account: Account, slug: str, name: str, now: datetime) -> Organisation:
    """Make an organisation that can own contests. Raises NotAllowed and Refused by field."""
    must_administer(account)
    slug, name = slug.strip(), " ".join(name.split())
    problems = []
    if not name or len(name) > _LONGEST_NAME:
        message = N_("The organisation needs a name of at most %(most)s characters.")
        problems.append(Problem(code="name", where="name", message=message, params={"most": _LONGEST_NAME}))
    if len(slug) > _LONGEST_SLUG or not _SLUG.fullmatch(slug):
        message = N_("Write a short name with small letters a to z, digits and hyphens.")
        problems.append(Problem(code="slug", where="slug", message=message))
    elif session.scalar(select(Organisation.id).where(Organisation.slug == slug)) is not None:
        problems.append(Problem(code="taken", where="slug", message=N_("Another organisation has that short name.")))
    if problems:
        raise Refused(problems)
    organisation = Organisation(slug=slug, name=name, created_at=now)
    session.add(organisation)
    session.flush()
    record_event(
        session, action="organisation-created", subject="organisation", subject_id=organisation.id,
        actor_id=account.id, now=now, details={"slug": slug},
    )  # fmt: skip
    return organisation


def find_organisation(session: Session, *, organisation_id: str) -> Organisation:
    """The organisation of that id. Raises NotFound."""
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound(N_("There is nothing here."))
    return organisation


def appoint(
    session: Session,
    *,
    settings: Settings,
    account: Account,
    organisation: Organisation,
    email: str,
    name: str,
    role: Role,
    locale: str,
    now: datetime,
) -> Invited:
    """Give a person a role in all contests of the organisation, making the account when there is none.

    Raises NotAllowed and Refused by field.
    """
    must_administer(account)
    if role not in ORGANISATION_ROLES:
        raise Refused([Problem(code="role", where="role", message=N_("That is no role of the office."))])
    invited = find_or_invite(session, settings=settings, email=email, name=name, locale=locale, now=now)
    held = select(OrganisationRole.id).where(
        OrganisationRole.organisation_id == organisation.id,
        OrganisationRole.account_id == invited.account.id,
        OrganisationRole.role == role.value,
    )
    if session.scalar(held) is not None:
        raise Refused([Problem(code="twice", where="email", message=N_("That person has that role already."))])
    row = OrganisationRole(
        organisation_id=organisation.id, account_id=invited.account.id, role=role.value, created_at=now
    )
    session.add(row)
    session.flush()
    _record(session, "organisation-role-given", row, account, now)
    send_secret_letter(
        session, settings=settings, address=invited.account.email, locale=invited.account.locale,
        subject=N_("You work in the office of “%(organisation)s”"),
        text=N_(
            "Hello %(name)s,\n\nyou have been given a role in all contests of “%(organisation)s”. Begin here:\n\n"
            "%(link)s\n\nThe link holds for fourteen days and once. If you have signed in before, sign in as ever.\n"
        ),
        params={"name": invited.account.name, "organisation": organisation.name}, secrets={"link": invited.link},
        now=now,
    )  # fmt: skip
    return invited


def dismiss(session: Session, *, account: Account, organisation: Organisation, role_id: str, now: datetime) -> None:
    """Take a role in the organisation back. Raises NotAllowed and NotFound."""
    must_administer(account)
    row = session.scalar(
        select(OrganisationRole).where(
            OrganisationRole.id == role_id, OrganisationRole.organisation_id == organisation.id
        )
    )
    if row is None:
        raise NotFound(N_("There is nothing here."))
    session.delete(row)
    session.flush()
    _record(session, "organisation-role-taken", row, account, now)


def must_administer(account: Account) -> None:
    """Raise NotAllowed for anybody but an administrator of the installation."""
    if not account.is_administrator:
        raise NotAllowed(N_("Only an administrator of this installation may do that."))


def _record(session: Session, action: str, row: OrganisationRole, account: Account, now: datetime) -> None:
    record_event(
        session, action=action, subject="account", subject_id=row.account_id, actor_id=account.id, now=now,
        details={"role": row.role, "organisation": row.organisation_id},
    )  # fmt: skip
