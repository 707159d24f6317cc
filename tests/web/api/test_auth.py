"""A token signs a program in, as far as it reaches and as long as it lives; a cookie never does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from judging.db.models import Account, ApiToken, AuditEvent, Contest
from tests.factories import give_role, make_account, make_assignment, make_contest, make_entry, make_judge, make_sheet
from tests.web.api.programs import ROOT, Program, done, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from judging.db.session import Database
    from judging.services.platform import Platform

    Acting = Callable[..., Program]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Nothing here depends on which database it is; what does, other tests run on both."""
    return sqlite_database


@pytest.fixture
def person(platform: Platform) -> Account:
    with platform.database.writing() as session:
        return make_account(session)


@pytest.fixture
def office(platform: Platform) -> tuple[Account, Contest]:
    """An organiser and the contest, which is in judging."""
    with platform.database.writing() as session:
        account, contest = make_account(session), make_contest(session, platform.registry, phase="judging")
        give_role(session, contest, account, "organiser")
        return account, contest


def test_token_acts_for_its_owner(acting: Acting, person: Account) -> None:
    me = done(acting(person, "read", "entries").get("/me"))

    assert (me["email"], me["scopes"], me["administrator"]) == (person.email, ["read", "entries"], False)


def test_wrong_token_is_refused_even_where_none_is_needed(guest: Program) -> None:
    for header in ("Bearer jt_wrong", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "jt_wrong", "Bearer jt_a b"):
        answer = guest.get("/contests", Authorization=header)

        assert (answer.status_code, answer.content_type) == (401, "application/problem+json"), header
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="judging", error="invalid_token"'


def test_missing_token_is_told_alike_whatever_the_address_names(
    guest: Program, office: tuple[Account, Contest]
) -> None:
    real, lost = (guest.get(f"/contests/{slug}/judges") for slug in (office[1].slug, "nothing-here"))

    assert real.status_code == lost.status_code == 401
    assert real.data == lost.data
    assert real.headers["WWW-Authenticate"] == 'Bearer realm="judging"'


def test_cookie_signs_nobody_in(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], person: Account
) -> None:
    headers = {"X-CSRFToken": sign_in(client, person)}

    assert client.get(f"{ROOT}/me", headers=headers).status_code == 401
    assert client.post(f"{ROOT}/contests", headers=headers).status_code == 401


def test_revoked_token_is_refused_at_once(acting: Acting, platform: Platform, person: Account) -> None:
    program = acting(person)
    with platform.database.writing() as session:
        session.query(ApiToken).one().revoked_at = datetime.now(UTC)

    assert program.get("/me").status_code == 401


def test_token_of_a_closed_account_is_refused(acting: Acting, platform: Platform, person: Account) -> None:
    program = acting(person)
    with platform.database.writing() as session:
        session.get_one(Account, person.id).disabled_at = datetime.now(UTC)

    assert program.get("/me").status_code == 401


def test_token_ends_at_its_end(acting: Acting, person: Account) -> None:
    program = acting(person)

    with time_machine.travel(datetime.now(UTC) + timedelta(days=90, seconds=5)):
        assert program.get("/me").status_code == 401


def test_use_of_a_token_is_noted(acting: Acting, platform: Platform, person: Account) -> None:
    acting(person).get("/me")

    with platform.database.reading() as session:
        assert session.query(ApiToken).one().seen_at is not None
        assert session.query(AuditEvent).filter_by(action="token-made").count() == 1


def test_scope_that_lacks_is_told_before_it_is_known_whether_the_thing_exists(
    acting: Acting, office: tuple[Account, Contest]
) -> None:
    program = acting(office[0], "entries")
    real, lost = (program.post(f"/contests/{slug}/phase", {"to": "closed"}) for slug in (office[1].slug, "nothing"))

    assert real.status_code == lost.status_code == 403
    assert said(real)["type"].endswith("#problem-insufficient-scope")
    assert 'error="insufficient_scope", scope="office"' in real.headers["WWW-Authenticate"]


def test_token_for_entries_sees_the_contest_as_a_contestant(
    acting: Acting, platform: Platform, office: tuple[Account, Contest]
) -> None:
    with platform.database.writing() as session:
        contest = session.get_one(Contest, office[1].id)
        foreign = make_entry(session, contest)
        own = make_entry(session, contest, owner=session.get_one(Account, office[0].id))
    narrow, whole = acting(office[0], "entries"), acting(office[0], "office")

    assert [one["id"] for one in done(narrow.get(f"/contests/{contest.slug}/entries"))["items"]] == [own.id]
    assert narrow.get(f"/entries/{foreign.id}").status_code == 404
    assert done(whole.get(f"/entries/{foreign.id}"))["members"]
    assert narrow.get(f"/contests/{contest.slug}/judges").status_code == 403


def test_reading_token_changes_nothing(acting: Acting, office: tuple[Account, Contest]) -> None:
    program = acting(office[0], "read")

    assert done(program.get(f"/contests/{office[1].slug}/settings"))["items"]
    assert program.post(f"/contests/{office[1].slug}/phase", {"to": "suspended", "reason": "x"}).status_code == 403


def test_token_for_the_office_does_not_lift_the_blindness_of_a_judge(
    acting: Acting, platform: Platform, office: tuple[Account, Contest]
) -> None:
    account, contest = office
    with platform.database.writing() as session:
        held = session.get_one(Contest, contest.id)
        judge = make_judge(session, held)
        entry = make_entry(session, held, state="in-round", round="preliminary")
        assignment = make_assignment(session, entry, judge, round_key="preliminary")
        judged = platform.registry.kinds[contest.kind].rounds[0]
        make_sheet(session, assignment, judged)
    program, here = acting(account, "office"), f"/contests/{contest.slug}/rounds/preliminary"
    assert done(program.get(f"{here}/sheets"))["items"]
    assert done(program.get(f"{here}/standings"))["items"]

    with platform.database.writing() as session:
        make_judge(session, session.get_one(Contest, contest.id), account=session.get_one(Account, account.id))

    assert [program.get(f"{here}/{what}").status_code for what in ("sheets", "standings")] == [404, 404]
    assert program.get(f"{here}/assignments").status_code == 403
