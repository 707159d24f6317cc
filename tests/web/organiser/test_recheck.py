"""The office has an entry's files checked again from its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import Account, AuditEvent, EntryFile, FileCopy, Job
from tests.factories import NOW, give_role, make_account
from tests.services.office import Office, hold_contest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from judging.db.session import Database
    from judging.services.platform import Platform

SignIn = Callable[["FlaskClient", Account], str]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Nothing here depends on which database it is; the service's tests run on both."""
    return sqlite_database


@pytest.fixture
def held(platform: Platform) -> Office:
    with platform.database.writing() as session:
        office = hold_contest(session, platform.registry, phase="screening", state="submitted")
        session.add(
            EntryFile(
                entry_id=office.entries[0].id, item=office.rules.dossier[0].key, filename="a.png",
                media_type="image/png", size=1, sha256="0" * 64, key="blobs/00/0", uploaded_at=NOW,
                copied=FileCopy(state="failed"),
            )
        )  # fmt: skip
        session.flush()
        session.expunge_all()
    return office


def test_copy_is_asked_for_again_and_the_record_tells_it(
    platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office
) -> None:
    token, entry = sign_in(client, held.desk), held.entries[0]
    assert "Check the files again" in client.get(f"/organise/entries/{entry.id}").text
    assert "Check the files again" not in client.get(f"/organise/entries/{held.entries[1].id}").text

    address = f"/organise/entries/{entry.id}/files/recheck"
    told = [client.post(address, data={"csrf_token": token}, follow_redirects=True).text for _twice in range(2)]

    assert "1 file is checked again" in told[0]
    assert "Nothing is to be done" in told[1]
    with platform.database.reading() as session:
        assert len(session.scalars(select(Job).where(Job.name == "prepare-file")).all()) == 1
        assert len(session.scalars(select(AuditEvent).where(AuditEvent.action == "files-rechecked")).all()) == 1


def test_whoever_only_reads_cannot_ask_for_it(
    platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office
) -> None:
    with platform.database.writing() as session:
        auditor = make_account(session)
        give_role(session, held.contest, auditor, "auditor")
        session.flush()
        session.expunge_all()
    token, entry = sign_in(client, auditor), held.entries[0]
    assert "Check the files again" not in client.get(f"/organise/entries/{entry.id}").text
    assert client.post(f"/organise/entries/{entry.id}/files/recheck", data={"csrf_token": token}).status_code == 404
