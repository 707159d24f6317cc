"""The draft's pages tell a script what came of a save, and keep both texts for a person without one."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from judging.db.models import Account, Entry
from judging.domain.draft_merge import version_of
from judging.services.platform import Platform
from tests.factories import make_account, make_contest, make_entry

SignIn = Callable[[FlaskClient, Account], str]
_HIDDEN = re.compile(r'name="(base|page)" value="([^"]*)"')


@pytest.fixture
def owner(platform: Platform) -> Account:
    with platform.database.writing() as session:
        return make_account(session)


@pytest.fixture
def draft(platform: Platform, owner: Account) -> Entry:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry)
        return make_entry(session, contest, owner=owner, state="draft", title="Cũ", category="software")


def started(client: FlaskClient, draft: Entry, step: str) -> dict[str, str]:
    """What a page's form carries when it is opened."""
    page = client.get(f"/entries/{draft.id}/edit/{step}").text
    return {name: html.unescape(value) for name, value in _HIDDEN.findall(page)}


def stored(platform: Platform, draft: Entry) -> Entry:
    with platform.database.reading() as session:
        return session.get_one(Entry, draft.id)


def test_autosave_tells_versions_what_was_brought_and_what_clashes(
    client: FlaskClient, sign_in: SignIn, owner: Account, draft: Entry
) -> None:
    token = sign_in(client, owner)
    address = f"/entries/{draft.id}/edit/about"
    phone, school = started(client, draft, "about"), started(client, draft, "about")
    first = {"title": "Một", "category": "environment", "answer_school": ""}
    client.post(f"{address}/autosave", data={**phone, **first, "csrf_token": token})

    second = {"title": "Hai", "category": "software", "answer_school": "THCS Mẫu"}
    answer = client.post(f"{address}/autosave", data={**school, **second, "csrf_token": token}).json

    assert answer is not None
    assert answer["clashes"] == {"title": {"text": "Một", "shown": "Một", "version": version_of("Một")}}
    assert answer["brought"] == {"category": "environment"}
    assert answer["started"]["versions"]["answer_school"] == version_of("THCS Mẫu")
    assert "title" not in answer["started"]["versions"]


def test_waiting_text_stands_under_its_field_and_keeps_the_entry_from_being_handed_in(
    client: FlaskClient, sign_in: SignIn, platform: Platform, owner: Account, draft: Entry
) -> None:
    token = sign_in(client, owner)
    address = f"/entries/{draft.id}/edit/about"
    phone, school = started(client, draft, "about"), started(client, draft, "about")
    place = {"category": "software", "csrf_token": token}
    client.post(address, data={**phone, **place, "title": "Một"})

    answer = client.post(address, data={**school, **place, "title": "<b>Hai</b>"})

    assert answer.location.endswith("/edit/about#title")
    page = client.get(address).text
    assert "Two texts were typed here." in page
    assert "&lt;b&gt;Hai&lt;/b&gt;" in page
    assert "Two texts were typed here on two devices." in client.get(f"/entries/{draft.id}/edit/review").text
    again = started(client, draft, "about")
    found = re.search(r'value="(leave-[^"]+)"', page)
    assert found is not None
    client.post(address, data={**again, **place, "title": "Một", "action": found.group(1)})
    assert "Two texts were typed here." not in client.get(address).text
    assert stored(platform, draft).title == "Một"


def test_half_a_date_is_kept_and_told_again_on_another_device(
    client: FlaskClient, sign_in: SignIn, owner: Account, draft: Entry
) -> None:
    token = sign_in(client, owner)
    address = f"/entries/{draft.id}/edit/people"
    row = {
        "members-0-id": re.findall(r'name="members-0-id" value="([^"]+)"', client.get(address).text)[0],
        "members-0-name": "Nông Mẫu Bình", "members-0-born": "31/5/", "members-0-share": "100",
    }  # fmt: skip
    client.post(f"{address}/autosave", data={**started(client, draft, "people"), **row, "csrf_token": token})

    page = client.get(address).text

    assert 'value="31/5/"' in page
    assert 'href="#members-0-born"' in page


@pytest.mark.parametrize("base", ["", "[]", "{", '{"versions": 3}', '{"versions": {"title": 7}, "order": "x"}'])
def test_base_that_cannot_be_read_overwrites_nothing(
    client: FlaskClient, sign_in: SignIn, platform: Platform, owner: Account, draft: Entry, base: str
) -> None:
    token = sign_in(client, owner)

    answer = client.post(
        f"/entries/{draft.id}/edit/about/autosave",
        data={"base": base, "page": "zz", "title": "Khác", "category": "software", "csrf_token": token},
    )

    assert answer.status_code == 200
    assert stored(platform, draft).title == "Cũ"


def test_key_of_drafts_is_for_the_signed_in_person_alone(
    client: FlaskClient, sign_in: SignIn, platform: Platform, owner: Account
) -> None:
    assert "data-draft-lock" not in client.get("/").text
    sign_in(client, owner)
    own = re.search(r'data-draft-lock="([^"]+)"', client.get("/").text)
    with platform.database.writing() as session:
        other = make_account(session)
    stranger = client.application.test_client()
    sign_in(stranger, other)

    theirs = re.search(r'data-draft-lock="([^"]+)"', stranger.get("/").text)

    assert own is not None
    assert theirs is not None
    assert own.group(1) != theirs.group(1)
