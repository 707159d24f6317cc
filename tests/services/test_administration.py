"""What an administrator does: organisations and accounts."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Account, AuditEvent, LoginSession, Organisation, OrganisationRole
from judging.domain.permissions import Role
from judging.errors import Conflict, NotAllowed, NotFound, Refused
from judging.services.account_care import (
    create_staff,
    disable_account,
    enable_account,
    end_all_sessions,
    find_person,
    reset_password,
)
from judging.services.accounts import password_fits
from judging.services.actors import organisations_run_by
from judging.services.organisations import appoint, create_organisation, dismiss, find_organisation
from judging.services.sign_in import find_session, open_session
from tests.factories import NOW, PASSWORD, make_account, make_organisation


@pytest.fixture
def administrator(session: Session) -> Account:
    return make_account(session, email="root@example.vn", is_administrator=True)


def test_organisation_needs_a_name_and_a_short_name_of_its_own(session: Session, administrator: Account) -> None:
    create_organisation(session, account=administrator, slug="so-khcn-mau", name=" Sở  Mẫu ", now=NOW)

    with pytest.raises(Refused) as refused:
        create_organisation(session, account=administrator, slug="so-khcn-mau", name="", now=NOW)

    assert [(one.where, one.code) for one in refused.value.problems] == [("name", "name"), ("slug", "taken")]
    assert session.scalars(select(Organisation.name)).all() == ["Sở Mẫu"]


def test_appointed_organiser_may_open_contests_until_dismissed(session: Session, administrator: Account) -> None:
    organisation = make_organisation(session)
    person = appoint(
        session, account=administrator, organisation=organisation, email="ba@example.vn", name="Mẫu Ba",
        role=Role.ORGANISER, locale="vi", now=NOW,
    ).account  # fmt: skip
    assert organisations_run_by(session, account=person) == {organisation.id}

    role = session.scalars(select(OrganisationRole)).one()
    dismiss(session, account=administrator, organisation=organisation, role_id=role.id, now=NOW)

    assert organisations_run_by(session, account=person) == frozenset()


def test_appointing_twice_is_refused(session: Session, administrator: Account) -> None:
    organisation = make_organisation(session)
    person = {"email": "ba@example.vn", "name": "Mẫu Ba", "locale": "vi"}
    appoint(session, account=administrator, organisation=organisation, role=Role.AUDITOR, now=NOW, **person)

    with pytest.raises(Refused):
        appoint(session, account=administrator, organisation=organisation, role=Role.AUDITOR, now=NOW, **person)


def test_nobody_else_administers(session: Session) -> None:
    somebody, victim = make_account(session), make_account(session)
    organisation = make_organisation(session)

    with pytest.raises(NotAllowed):
        create_organisation(session, account=somebody, slug="x", name="X", now=NOW)
    with pytest.raises(NotAllowed):
        disable_account(session, account=somebody, person=victim, now=NOW)
    with pytest.raises(NotAllowed):
        reset_password(session, account=somebody, person=victim, now=NOW)
    with pytest.raises(NotAllowed):
        dismiss(session, account=somebody, organisation=organisation, role_id="any", now=NOW)

    assert victim.disabled_at is None


def test_closed_account_is_signed_out_and_stays_out(session: Session, administrator: Account) -> None:
    person = make_account(session)
    token = open_session(session, account=person, device="phone", now=NOW)

    disable_account(session, account=administrator, person=person, now=NOW)

    assert find_session(session, token=token, now=NOW) is None
    assert not password_fits(person, PASSWORD)
    enable_account(session, account=administrator, person=person, now=NOW)
    assert password_fits(person, PASSWORD)
    assert find_session(session, token=token, now=NOW) is None


def test_administrator_cannot_close_the_own_account(session: Session, administrator: Account) -> None:
    with pytest.raises(Conflict):
        disable_account(session, account=administrator, person=administrator, now=NOW)

    assert administrator.disabled_at is None


def test_signing_out_everywhere_counts_the_devices(session: Session, administrator: Account) -> None:
    person = make_account(session)
    for device in ("phone", "desk"):
        open_session(session, account=person, device=device, now=NOW)

    assert end_all_sessions(session, account=administrator, person=person, now=NOW) == 2
    assert session.scalars(select(LoginSession).where(LoginSession.revoked_at.is_(None))).all() == []


def test_new_first_password_replaces_the_old_one_and_is_not_recorded(session: Session, administrator: Account) -> None:
    person = make_account(session)

    invited = reset_password(session, account=administrator, person=person, now=NOW)

    assert invited.password is not None
    assert (password_fits(person, invited.password), password_fits(person, PASSWORD)) == (True, False)
    assert not any(invited.password in str(event.details) for event in session.scalars(select(AuditEvent)))


def test_made_account_can_sign_in_and_a_taken_address_is_refused(session: Session, administrator: Account) -> None:
    person = {"email": "tu@example.vn", "name": "Mẫu Tư", "locale": "vi"}
    invited = create_staff(session, account=administrator, administrator=True, now=NOW, **person)

    assert invited.account.is_administrator
    with pytest.raises(Refused) as refused:
        create_staff(session, account=administrator, administrator=False, now=NOW, **person)
    assert [one.where for one in refused.value.problems] == ["email"]
    assert invited.account.is_administrator


def test_what_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        find_person(session, account_id="nobody")
    with pytest.raises(NotFound):
        find_organisation(session, organisation_id="nothing")
