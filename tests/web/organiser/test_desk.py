"""The pages of the screening desk, the list of eligible entries, intake settings and the extension."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from judging.db.models import Account, Contest, DossierHold, DossierTick, Entry, EntryFile, ReturnTerm
from tests.factories import NOW, give_role, make_account, make_entry
from tests.services.office import Office, hold_contest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from judging.services.platform import Platform

SignIn = Callable[["FlaskClient", Account], str]


@pytest.fixture
def held(platform: Platform) -> Office:
    with platform.database.writing() as session:
        office = hold_contest(session, platform.registry, phase="screening", state="submitted")
        session.flush()
        session.expunge_all()
    return office


def _state(platform: Platform, entry: Entry) -> str:
    with platform.database.reading() as session:
        return session.get_one(Entry, entry.id).state


def test_dossiers_are_screened_one_after_the_other(
    platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office
) -> None:
    token = sign_in(client, held.desk)
    slug = held.contest.slug
    address = client.post(f"/organise/{slug}/screening/next", data={"csrf_token": token}).location
    for _each in held.entries:
        assert client.get(address).status_code == 200
        address = client.post(address, data={"csrf_token": token, "verdict": "eligible"}).location

    assert [_state(platform, entry) for entry in held.entries] == ["eligible"] * 3
    assert address.endswith(f"/organise/{slug}/screening")
    page = client.get(f"/organise/{slug}/eligible").text
    sha256 = page.partition('name="sha256" value="')[2][:64]
    assert client.post(f"/organise/{slug}/eligible", data={"csrf_token": token, "sha256": sha256}).status_code == 302
    assert "version 1" in client.get(f"/organise/{slug}/eligible").text
    assert len(client.get(f"/organise/{slug}/eligible.csv").text.splitlines()) == 4


def test_desk_shows_the_files_and_links_of_the_dossier(
    platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office
) -> None:
    sign_in(client, held.desk)
    entry = held.entries[0]
    item = (held.contest.rules or {})["dossier"][0]["key"]
    with platform.database.writing() as session:
        session.add(
            EntryFile(
                entry_id=entry.id, item=item, filename="ban-ve.png", media_type="image/png", size=1, sha256="0" * 64,
                key="blobs/00/0", uploaded_at=NOW,
            )
        )  # fmt: skip

    page = client.get(f"/organise/entries/{entry.id}/desk")

    assert page.status_code == 200
    assert "ban-ve.png" in page.text


def test_desk_shows_a_dossier_that_was_never_handed_in(
    platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office
) -> None:
    with platform.database.writing() as session:
        draft = session.get_one(Entry, held.entries[0].id)
        draft.state, draft.submitted_at = "draft", None
    sign_in(client, held.desk)
    assert client.get(f"/organise/entries/{held.entries[0].id}/desk").status_code == 200


@pytest.mark.parametrize("phase", ["judging", "published", "suspended"])
def test_nothing_is_noted_at_the_desk_once_screening_is_over(
    platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office, phase: str
) -> None:
    with platform.database.writing() as session:
        session.get_one(Contest, held.contest.id).phase = phase
    token = sign_in(client, held.desk)
    for form in ({"act": "take"}, {"tick": "x"}, {"verdict": "eligible"}):
        answer = client.post(f"/organise/entries/{held.entries[0].id}/desk", data={"csrf_token": token, **form})
        assert answer.status_code == 422
        assert "until judging begins" in answer.text
    with platform.database.reading() as session:
        assert session.query(DossierHold).count() == 0
        assert session.query(DossierTick).count() == 0


def test_dossier_is_returned_with_what_to_mend(
    platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office
) -> None:
    token = sign_in(client, held.desk)
    address = f"/organise/entries/{held.entries[0].id}/desk"
    page = client.get(address).text
    key = page.partition('name="item"')[2].partition('value="')[2].partition('"')[0]

    answer = client.post(address, data={"csrf_token": token, "verdict": "returned", "item": key, "until": "2099-01-31"})

    assert (answer.status_code, _state(platform, held.entries[0])) == (302, "returned")
    with platform.database.reading() as session:
        term = session.query(ReturnTerm).one()
        assert [item["where"] for item in term.items] == [key.partition("|")[0]]
        assert f"{term.until:%Y-%m-%d %H:%M:%S}" == "2099-01-31 16:59:59"


def test_refused_decision_keeps_what_was_typed(
    platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office
) -> None:
    token = sign_in(client, held.desk)

    answer = client.post(
        f"/organise/entries/{held.entries[0].id}/desk",
        data={"csrf_token": token, "verdict": "returned", "reason-returned": "Thiếu dấu", "until": "2001-01-31"},
    )

    assert answer.status_code == 422
    assert "Thiếu dấu" in answer.text
    assert _state(platform, held.entries[0]) == "submitted"


def test_many_are_shown_before_they_are_decided(
    platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office
) -> None:
    token, address = sign_in(client, held.desk), f"/organise/{held.contest.slug}/screening"
    chosen = {"csrf_token": token, "entry": [held.entries[0].id]}

    assert client.post(address, data=chosen).status_code == 200
    assert _state(platform, held.entries[0]) == "submitted"
    assert client.post(address, data={**chosen, "act": "apply"}).status_code == 302
    assert [_state(platform, entry) for entry in held.entries[:2]] == ["eligible", "submitted"]


@pytest.mark.parametrize("flag", ["late", "back", "consent", "mine", "second", "disputed", "overdue", "nonsense"])
def test_queue_is_filtered(client: FlaskClient, sign_in: SignIn, held: Office, flag: str) -> None:
    sign_in(client, held.desk)

    answer = client.get(f"/organise/{held.contest.slug}/screening?flag={flag}")

    assert answer.status_code == 200
    shown = sum(entry.id in answer.text for entry in held.entries)
    assert shown == (3 if flag in {"consent", "nonsense"} else 0)


def test_deadline_is_extended_after_a_preview(platform: Platform, client: FlaskClient, sign_in: SignIn) -> None:
    with platform.database.writing() as session:
        office = hold_contest(session, platform.registry, phase="open", state="draft")
        secretary = make_account(session)
        give_role(session, office.contest, secretary, "secretary")
        session.flush()
        session.expunge_all()
    token, address = sign_in(client, office.desk), f"/organise/{office.contest.slug}/extension"
    form = {"csrf_token": token, "until": "2099-05-31T17:00", "whole": "0", "reason": "Mất điện", "note": "Vì mất điện"}

    preview = client.post(address, data=form).text
    seen = preview.partition('name="seen" value="')[2].partition('"')[0]
    assert client.post(address, data={**form, "act": "apply", "seen": "0"}).status_code == 200
    assert client.post(address, data={**form, "act": "apply", "seen": seen}).status_code == 302

    public = client.get(f"/contests/{office.contest.slug}/").text
    assert "Vì mất điện" in public
    assert "Vì mất điện" in client.get(f"/contests/{office.contest.slug}/rules").text
    with platform.database.reading() as session:
        assert session.get_one(Contest, office.contest.id).closes_at == office.contest.closes_at


def test_intake_is_set(platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office) -> None:
    token, address = sign_in(client, held.desk), f"/organise/{held.contest.slug}/intake"
    form = {"csrf_token": token, "grace_minutes": "15", "return_days": "5", "checklist": "Có dấu", "reasons": "Thiếu"}

    assert client.get(address).status_code == 200
    assert client.post(address, data={**form, "return_days": "x"}).status_code == 422
    assert client.post(address, data=form).status_code == 302
    assert "15 minutes" in client.get(f"/contests/{held.contest.slug}/rules").text
    assert "Có dấu" in client.get(f"/organise/entries/{held.entries[0].id}/desk").text


def test_desk_is_closed_to_others(platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office) -> None:
    with platform.database.writing() as session:
        contest = session.get_one(Contest, held.contest.id)
        auditor = make_account(session)
        give_role(session, contest, auditor, "auditor")
        make_entry(session, contest, owner=auditor, state="submitted")
        session.flush()
        session.expunge_all()
    sign_in(client, auditor)

    assert client.get(f"/organise/entries/{held.entries[0].id}/desk").status_code == 404
    assert client.get(f"/organise/{held.contest.slug}/eligible").status_code == 200
