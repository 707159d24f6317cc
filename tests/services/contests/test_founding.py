"""Opening a contest from a kind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import AuditEvent, Contest, ContestRole
from judging.domain.permissions import Actor, Role
from judging.errors import ContestSuspended, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.contests.dates import ContestDates
from judging.services.contests.editions import contest_rules
from judging.services.contests.founding import describe_contest, open_contest
from tests.factories import NOW, give_office, make_account, make_contest, make_organisation


def open_one(session: Session, registry: Registry, **values: Any) -> Contest:
    organisation = values.pop("organisation", None) or make_organisation(session)
    account = values.pop("account", None)
    if account is None:
        account = make_account(session)
        give_office(session, organisation, account, "organiser")
    defaults = {"kind": "youth-creativity", "slug": "youth-2026", "title": "Sáng tạo trẻ 2026", "year": 2026}
    return open_contest(
        session, registry=registry, organisation=organisation, account=account, now=NOW, **{**defaults, **values}
    )


def test_new_contest_is_in_preparation_and_differs_in_nothing_from_its_kind(
    session: Session, registry: Registry
) -> None:
    contest = open_one(session, registry)

    assert contest.phase == "draft"
    assert contest.settings == {}
    assert contest_rules(registry, contest) == registry.rules("youth-creativity")
    assert session.scalars(select(AuditEvent.action)).all() == ["contest-created"]


def test_person_without_an_office_in_the_organisation_opens_nothing(session: Session, registry: Registry) -> None:
    elsewhere, stranger = make_organisation(session), make_account(session)
    give_office(session, elsewhere, stranger, "organiser")

    with pytest.raises(NotAllowed):
        open_one(session, registry, account=stranger)
    assert session.scalars(select(Contest)).all() == []


def test_secretary_of_the_organisation_opens_nothing(session: Session, registry: Registry) -> None:
    organisation, secretary = make_organisation(session), make_account(session)
    give_office(session, organisation, secretary, "secretary")

    with pytest.raises(NotAllowed):
        open_one(session, registry, organisation=organisation, account=secretary)


def test_administrator_who_opens_a_contest_becomes_its_organiser(session: Session, registry: Registry) -> None:
    administrator = make_account(session, is_administrator=True)

    contest = open_one(session, registry, account=administrator)

    role = session.scalars(select(ContestRole)).one()
    assert (role.contest_id, role.account_id, role.role) == (contest.id, administrator.id, "organiser")


def test_contest_of_a_kind_that_is_not_installed_is_refused(session: Session, registry: Registry) -> None:
    with pytest.raises(ContestSuspended):
        open_one(session, registry, kind="robotics")


@pytest.mark.parametrize("slug", ["", "Youth-2026", "thi đua", "-2026", "new", "entries", "assignments", "a" * 81])
def test_address_that_no_page_can_have_is_refused(session: Session, registry: Registry, slug: str) -> None:
    with pytest.raises(Refused) as refused:
        open_one(session, registry, slug=slug)

    assert [problem.where for problem in refused.value.problems] == ["slug"]


def test_address_of_another_contest_is_refused(session: Session, registry: Registry) -> None:
    open_one(session, registry)

    with pytest.raises(Refused) as refused:
        open_one(session, registry)

    assert [problem.code for problem in refused.value.problems] == ["taken"]


def test_every_wrong_field_is_named_at_once(session: Session, registry: Registry) -> None:
    backwards = ContestDates(opens_at=NOW, closes_at=NOW - timedelta(days=1))

    with pytest.raises(Refused) as refused:
        open_one(session, registry, title=" ", year=26, edition=0, zone="Mars/Base", dates=backwards)

    found = [problem.where for problem in refused.value.problems]
    assert found == ["title", "year", "edition", "zone", "closes_at"]


def test_describing_a_contest_is_the_organisers(session: Session, registry: Registry) -> None:
    contest = make_contest(session, registry, title="Cũ")
    texts = {"title": "Mới", "title_en": "New", "summary": "Một.", "summary_en": ""}

    with pytest.raises(NotAllowed):
        describe_contest(session, contest=contest, actor=Actor(roles=frozenset({Role.SECRETARY})), now=NOW, **texts)
    describe_contest(session, contest=contest, actor=Actor(roles=frozenset({Role.ORGANISER})), now=NOW, **texts)

    assert (contest.title, contest.title_en, contest.summary) == ("Mới", "New", "Một.")
