"""The stops of the form: gaps are kept, mistakes are told, and nobody else gets in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.db.models import Account, Consent, Entry, EntryMember, PeopleLink
from judging.services.platform import Platform
from tests.factories import make_account, make_contest, make_entry

SignIn = Callable[[FlaskClient, Account], str]


@pytest.fixture
def owner(platform: Platform) -> Account:
    with platform.database.writing() as session:
        return make_account(session)


@pytest.fixture
def draft(platform: Platform, owner: Account) -> Entry:
    with platform.database.writing() as session:
        return make_entry(
            session, make_contest(session, platform.registry), owner=owner, state="draft", submitted_at=None
        )


def members(platform: Platform) -> list[EntryMember]:
    with platform.database.reading() as session:
        return list(session.scalars(select(EntryMember).order_by(EntryMember.position)))


def test_step_with_gaps_is_saved_and_goes_on(
    client: FlaskClient, sign_in: SignIn, platform: Platform, owner: Account, draft: Entry
) -> None:
    token = sign_in(client, owner)

    answer = client.post(f"/entries/{draft.id}/edit/about", data={"title": "  Tên \t mới ", "csrf_token": token})

    assert answer.location.endswith(f"/entries/{draft.id}/edit/people")
    with platform.database.reading() as session:
        saved = session.get_one(Entry, draft.id)
        assert (saved.title, saved.category) == ("Tên mới", "")


def test_unreadable_share_keeps_what_was_typed_and_changes_nothing(
    client: FlaskClient, sign_in: SignIn, platform: Platform, owner: Account, draft: Entry
) -> None:
    token = sign_in(client, owner)

    answer = client.post(
        f"/entries/{draft.id}/edit/people",
        data={"members-0-name": "Lò Mẫu An", "members-0-share": "half", "csrf_token": token},
    )

    assert answer.status_code == 422
    assert 'value="half"' in answer.text
    assert 'href="#members-0-share"' in answer.text
    assert [member.name for member in members(platform)] == ["Nông Mẫu Bình"]


def test_autosave_records_what_can_be_read_and_names_the_rest(
    client: FlaskClient, sign_in: SignIn, platform: Platform, owner: Account, draft: Entry
) -> None:
    token = sign_in(client, owner)

    answer = client.post(
        f"/entries/{draft.id}/edit/people/autosave",
        data={
            "members-0-id": members(platform)[0].id,
            "members-0-name": "Lò Mẫu An",
            "members-0-share": "half",
            "csrf_token": token,
        },
    )

    assert answer.status_code == 200
    assert answer.json is not None
    assert set(answer.json) == {"saved_at", "time", "errors"}
    assert set(answer.json["errors"]) == {"members-0-share"}
    assert [member.name for member in members(platform)] == ["Lò Mẫu An"]
    with platform.database.reading() as session:
        assert session.get_one(Entry, draft.id).changed_at.isoformat() == answer.json["saved_at"]


def test_people_are_added_reordered_and_removed_without_script(
    client: FlaskClient, sign_in: SignIn, platform: Platform, owner: Account, draft: Entry
) -> None:
    token = sign_in(client, owner)
    address = f"/entries/{draft.id}/edit/people"
    first = {"members-0-id": members(platform)[0].id, "members-0-name": "Nông Mẫu Bình", "members-0-share": "60"}
    added = client.post(address, data={**first, "action": "add", "csrf_token": token})
    assert client.get(added.location).text.count("Full name") == 2

    second = {"members-1-name": "Lò Mẫu An", "members-1-share": "40", "members-1-unit": "THCS Mẫu 3"}
    client.post(address, data={**first, **second, "action": "lead-1", "csrf_token": token})

    people = members(platform)
    assert [(person.name, person.is_lead, person.share) for person in people] == [
        ("Lò Mẫu An", True, Decimal(40)),
        ("Nông Mẫu Bình", False, Decimal(60)),
    ]
    with platform.database.reading() as session:
        assert session.get_one(Entry, draft.id).unit == "THCS Mẫu 3"

    kept = {"members-0-id": people[0].id, "members-0-name": people[0].name, "members-1-id": people[1].id}
    client.post(address, data={**kept, "members-1-name": people[1].name, "action": "remove-1", "csrf_token": token})
    assert [(person.id, person.name) for person in members(platform)] == [(people[0].id, "Lò Mẫu An")]


def test_consent_does_not_pass_to_another_person_in_the_same_row(
    client: FlaskClient, sign_in: SignIn, platform: Platform, owner: Account, draft: Entry
) -> None:
    token = sign_in(client, owner)
    member = members(platform)[0].id
    with platform.database.writing() as session:
        session.get_one(EntryMember, member).born = date(datetime.now(UTC).year - 10, 1, 1)
    client.post(
        f"/entries/{draft.id}/edit/consents",
        data={"consent": [f"{member}:self", f"{member}:guardian"], "csrf_token": token},
    )
    with platform.database.writing() as session:
        session.get_one(EntryMember, member).name_key = "nông mẫu bình"
        assert session.scalars(select(Consent.given_by).order_by(Consent.given_by)).all() == ["guardian", "self"]

    client.post(
        f"/entries/{draft.id}/edit/people",
        data={"members-0-id": member, "members-0-name": "Lò Mẫu An", "csrf_token": token},
    )

    with platform.database.reading() as session:
        assert session.scalars(select(Consent)).all() == []
        assert session.scalars(select(PeopleLink)).all() == []


@pytest.mark.parametrize("step", ["about", "people", "text", "files", "consents", "review"])
def test_step_of_another_person_is_not_found(
    client: FlaskClient, sign_in: SignIn, platform: Platform, draft: Entry, step: str
) -> None:
    with platform.database.writing() as session:
        stranger = make_account(session)
    sign_in(client, stranger)

    answer = client.get(f"/entries/{draft.id}/edit/{step}")

    assert answer.status_code == 404
    assert "Nông Mẫu Bình" not in answer.text
    assert answer.text == client.get(f"/entries/{'0' * 36}/edit/{step}").text.replace("0" * 36, draft.id)


@pytest.mark.parametrize("step", ["about", "people", "text", "files"])
def test_submitted_entry_cannot_be_changed(
    client: FlaskClient, sign_in: SignIn, platform: Platform, owner: Account, step: str
) -> None:
    with platform.database.writing() as session:
        entry = make_entry(session, make_contest(session, platform.registry), owner=owner, state="submitted")
    sign_in(client, owner)

    assert client.get(f"/entries/{entry.id}/edit/{step}").status_code == 409


@pytest.mark.parametrize("state", ["in-round", "advanced", "eliminated", "awarded", "not-awarded"])
def test_state_before_publication_tells_no_result(
    client: FlaskClient, sign_in: SignIn, platform: Platform, owner: Account, state: str
) -> None:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, phase="deliberation")
        entry = make_entry(session, contest, owner=owner, state=state)
    sign_in(client, owner)

    page = client.get(f"/entries/{entry.id}/").text

    assert "Being judged" in page
    assert "Judging has begun." in page
    for word in ("Won a prize", "No prize", "Did not go on", "Goes on", "See the results"):
        assert word not in page
    assert "Being judged" in client.get("/my/entries").text


def test_home_makes_the_same_queries_for_one_and_for_many_entries(
    client: FlaskClient, sign_in: SignIn, platform: Platform, owner: Account, count_queries: Callable
) -> None:
    with platform.database.writing() as session:
        make_entry(session, make_contest(session, platform.registry), owner=owner)
    sign_in(client, owner)
    client.get("/my/entries")
    with count_queries() as few:
        client.get("/my/entries")
    with platform.database.writing() as session:
        for _ in range(3):
            contest = make_contest(session, platform.registry)
            for _ in range(6):
                make_entry(session, contest, owner=owner)
    with count_queries() as many:
        client.get("/my/entries")

    assert len(many) == len(few)
