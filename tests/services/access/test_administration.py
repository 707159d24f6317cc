"""What an administrator does: organisations and accounts."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Account, AuditEvent, Job, LoginSession, Organisation, OrganisationRole, TotpFactor
from judging.domain.permissions import Role
from judging.errors import Conflict, NotAllowed, NotFound, Refused
from judging.services.access.account_care import (
    create_staff,
    disable_account,
    enable_account,
    end_all_sessions,
    find_person,
    remove_factors,
    renew_access,
)
from judging.services.access.accounts import password_fits
from judging.services.access.second_factor import begin_totp, has_second_factor
from judging.services.access.sign_in import find_session, open_session
from judging.services.actors import organisations_run_by
from judging.services.contests.organisations import appoint, create_organisation, dismiss, find_organisation
from tests.factories import NOW, PASSWORD, make_account, make_organisation
from tests.letters import SETTINGS


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
        session, settings=SETTINGS, account=administrator, organisation=organisation, email="ba@example.vn",
        name="Mẫu Ba", role=Role.ORGANISER, locale="vi", now=NOW,
    ).account  # fmt: skip
    assert organisations_run_by(session, account=person) == {organisation.id}

    role = session.scalars(select(OrganisationRole)).one()
    dismiss(session, account=administrator, organisation=organisation, role_id=role.id, now=NOW)

    assert organisations_run_by(session, account=person) == frozenset()


def test_appointing_twice_is_refused(session: Session, administrator: Account) -> None:
    organisation = make_organisation(session)

    def appoint_person() -> None:
        appoint(
            session, settings=SETTINGS, account=administrator, organisation=organisation, email="ba@example.vn",
            name="Mẫu Ba", role=Role.AUDITOR, locale="vi", now=NOW,
        )  # fmt: skip

    appoint_person()
    with pytest.raises(Refused):
        appoint_person()


def test_nobody_else_administers(session: Session) -> None:
    somebody, victim = make_account(session), make_account(session)
    organisation = make_organisation(session)

    with pytest.raises(NotAllowed):
        create_organisation(session, account=somebody, slug="x", name="X", now=NOW)
    with pytest.raises(NotAllowed):
        disable_account(session, account=somebody, person=victim, now=NOW)
    with pytest.raises(NotAllowed):
        renew_access(session, settings=SETTINGS, account=somebody, person=victim, now=NOW)
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


def test_link_for_a_new_password_goes_by_letter_and_is_recorded_nowhere(
    session: Session, administrator: Account
) -> None:
    person = make_account(session)
    token = open_session(session, account=person, device="phone", now=NOW)

    invited = renew_access(session, settings=SETTINGS, account=administrator, person=person, now=NOW)

    assert find_session(session, token=token, now=NOW) is None
    assert password_fits(person, PASSWORD)
    letter = session.scalars(select(Job)).one()
    key = invited.link.split("=")[1]
    assert (letter.payload["to"], key in str(letter.payload)) == (person.email, False)
    assert not any(key in str(event.details) for event in session.scalars(select(AuditEvent)))


def test_lost_factors_are_removed_and_the_owner_is_told(session: Session, administrator: Account) -> None:
    person = make_account(session)
    begin_totp(session, settings=SETTINGS, account=person, now=NOW)
    session.get_one(TotpFactor, person.id).confirmed_at = NOW
    session.flush()

    remove_factors(session, account=administrator, person=person, now=NOW)

    assert not has_second_factor(session, account_id=person.id)
    assert {job.payload["to"] for job in session.scalars(select(Job))} == {person.email}
    with pytest.raises(Conflict):
        remove_factors(session, account=administrator, person=administrator, now=NOW)


def test_made_account_waits_for_its_owner_and_a_taken_address_is_refused(
    session: Session, administrator: Account
) -> None:
    person = {"email": "tu@example.vn", "name": "Mẫu Tư", "locale": "vi"}
    invited = create_staff(
        session, settings=SETTINGS, account=administrator, administrator=True, now=NOW, **person
    )  # fmt: skip

    assert (invited.account.is_administrator, invited.account.password_hash) == (True, "")
    assert not password_fits(invited.account, "")
    with pytest.raises(Refused) as refused:
        create_staff(session, settings=SETTINGS, account=administrator, administrator=False, now=NOW, **person)
    assert [one.where for one in refused.value.problems] == ["email"]
    assert invited.account.is_administrator


def test_what_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        find_person(session, account_id="nobody")
    with pytest.raises(NotFound):
        find_organisation(session, organisation_id="nothing")
