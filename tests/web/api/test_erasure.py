"""Erasing the people of an entry by program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from judging.db.models import Account, Entry
from judging.services.privacy.erasure.afterwards import tombstone_file
from tests.services.privacy.erasures import MARK, publish_canaries
from tests.web.api.programs import done, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.db.session import Database
    from judging.services.platform import Platform
    from tests.services.privacy.erasures import Stage
    from tests.web.api.programs import Program

    Acting = Callable[..., Program]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Nothing here depends on which database it is; what does, other tests run on both."""
    return sqlite_database


@pytest.fixture
def stage(platform: Platform) -> Stage:
    return publish_canaries(platform)


def _account(platform: Platform, account_id: str) -> Account:
    with platform.database.reading() as session:
        return session.get_one(Account, account_id)


def test_program_of_the_office_erases_an_entry(platform: Platform, acting: Acting, stage: Stage) -> None:
    office = acting(_account(platform, stage.desk), "office")
    body = {"reason": "Theo đơn số 7.", "with_sheets": True}

    told = done(office.post(f"/entries/{stage.entry}/erase", body))

    assert {key: told[key] for key in ("entry", "alias", "state", "with_sheets")} == {
        "entry": stage.entry, "alias": stage.alias, "state": "awarded", "with_sheets": True,
    }  # fmt: skip
    assert stage.entry in tombstone_file(platform.settings.score_log).read_text("utf-8")
    assert MARK not in office.get(f"/entries/{stage.entry}").text
    with platform.database.reading() as session:
        assert session.get_one(Entry, stage.entry).title == ""
    again = office.post(f"/entries/{stage.entry}/erase", body)
    assert (again.status_code, "already" in said(again)["detail"]) == (409, True)


@pytest.mark.parametrize(
    ("body", "status"), [({}, 422), ({"reason": ""}, 422), ({"reason": f"{MARK} Name"}, 422), ({"reason": 7}, 422)]
)
def test_erasure_needs_a_reason_that_names_nobody(
    platform: Platform, acting: Acting, stage: Stage, body: dict[str, object], status: int
) -> None:
    office = acting(_account(platform, stage.desk), "office")

    assert office.post(f"/entries/{stage.entry}/erase", body).status_code == status
    with platform.database.reading() as session:
        assert session.get_one(Entry, stage.entry).erased_at is None


def test_erasure_is_not_there_for_its_author_nor_without_the_scope(
    platform: Platform, acting: Acting, stage: Stage
) -> None:
    body = {"reason": "x"}
    author = acting(_account(platform, stage.owner))
    reader = acting(_account(platform, stage.desk), "read")

    assert author.post(f"/entries/{stage.entry}/erase", body).status_code == 404
    assert reader.post(f"/entries/{stage.entry}/erase", body).status_code in {403, 404}
