"""The entry's page after the office gave it back, or gave it longer: the date, and each thing with its link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from judging.db.models import Account, DeadlineExtension, Entry, ExtendedEntry, ReturnTerm, Screening
from tests.factories import NOW, make_account, make_contest, make_entry

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from judging.services.platform import Platform

SignIn = Callable[["FlaskClient", Account], str]
ENGLISH = {"Accept-Language": "en"}
LATER = datetime(2099, 1, 31, 16, 59, 59, tzinfo=UTC)
ITEMS = (
    {"where": "pictures", "text": "“Pictures” is still missing: 100% needed."},
    {"where": "title", "text": "Give the entry a title."},
)
TOLD = "– “Pictures” is still missing: 100% needed.\n– Give the entry a title."


def _entry(platform: Platform, *, state: str) -> Entry:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, closes_at=NOW + timedelta(days=365 * 70))
        entry = make_entry(session, contest, state=state, owner=make_account(session, locale="en"))
        session.refresh(entry)
        assert entry.owner.id
        session.expunge_all()
    return entry


def _return(
    platform: Platform, entry: Entry, *, reason: str, items: tuple[Mapping[str, str], ...] = (), dated: bool = True
) -> None:
    with platform.database.writing() as session:
        made = Screening(entry_id=entry.id, verdict="returned", reason=reason, by_id=entry.owner_id, at=NOW)
        session.add(made)
        session.flush()
        if dated:
            told = [dict(item) for item in items]
            session.add(ReturnTerm(screening_id=made.id, entry_id=entry.id, until=LATER, items=told))


def _notice(client: FlaskClient, entry: Entry, kind: str = "attention") -> str:
    page = client.get(f"/entries/{entry.id}/", headers=ENGLISH).text
    return page.partition(f"notice-{kind}")[2].partition("<h2")[0].partition('class="actions')[0]


def test_returned_entry_shows_the_date_and_each_thing_with_its_link(
    platform: Platform, client: FlaskClient, sign_in: SignIn
) -> None:
    entry = _entry(platform, state="returned")
    _return(platform, entry, reason=f"{TOLD}\nAnd sign page 2.", items=ITEMS)
    sign_in(client, entry.owner)

    notice = _notice(client, entry)

    assert "31" in notice
    assert "23:59" in notice
    assert f'href="/entries/{entry.id}/edit/files#item-pictures"' in notice
    assert f'href="/entries/{entry.id}/edit/about#title"' in notice
    assert notice.count("Give the entry a title.") == 1
    assert "100% needed" in notice
    assert "And sign page 2." in notice


@pytest.mark.parametrize("dated", [False, True])
def test_reason_alone_is_shown_whole(platform: Platform, client: FlaskClient, sign_in: SignIn, *, dated: bool) -> None:
    entry = _entry(platform, state="returned")
    _return(platform, entry, reason="Sign page 2.", dated=dated)
    sign_in(client, entry.owner)

    notice = _notice(client, entry)

    assert "Sign page 2." in notice
    assert ("23:59" in notice) is dated


def test_terms_of_an_earlier_return_do_not_hold_for_a_later_one(
    platform: Platform, client: FlaskClient, sign_in: SignIn
) -> None:
    entry = _entry(platform, state="returned")
    _return(platform, entry, reason=TOLD, items=ITEMS)
    with platform.database.writing() as session:
        later = NOW + timedelta(days=1)
        session.add(
            Screening(entry_id=entry.id, verdict="returned", reason="Now this.", by_id=entry.owner_id, at=later)
        )
    sign_in(client, entry.owner)

    notice = _notice(client, entry)

    assert "Now this." in notice
    assert "#item-pictures" not in notice
    assert "23:59" not in notice


def test_draft_with_an_extension_shows_its_own_deadline(
    platform: Platform, client: FlaskClient, sign_in: SignIn
) -> None:
    entry, other = _entry(platform, state="draft"), _entry(platform, state="draft")
    until = NOW + timedelta(days=365 * 75)
    with platform.database.writing() as session:
        made = DeadlineExtension(
            contest_id=entry.contest_id, old_at=NOW, new_at=until, whole=False, reason="r", note="n",
            by_id=entry.owner_id, at=NOW,
        )  # fmt: skip
        session.add(made)
        session.flush()
        session.add(ExtendedEntry(extension_id=made.id, entry_id=entry.id, until=until))
    sign_in(client, entry.owner)
    page = client.get(f"/entries/{entry.id}/", headers=ENGLISH).text

    assert until.isoformat() in page
    assert str(until.year) in _notice(client, entry, "info")
    stranger = client.application.test_client()
    sign_in(stranger, other.owner)
    assert "notice-info" not in stranger.get(f"/entries/{other.id}/", headers=ENGLISH).text
