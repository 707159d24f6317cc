"""The archive is for one account only, made once, in pieces, and gone after a day or with an erasure."""

from __future__ import annotations

import io
import tracemalloc
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from judging.db.models import Account, DataExport, Entry, EntryFile, Job
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotFound
from judging.services.privacy.erasure.erasing import erase_entry
from judging.services.privacy.my_data.exports import (
    DROP_JOB,
    MAKE_JOB,
    ask_export,
    drop_export,
    find_export,
    list_exports,
)
from tests.factories import NOW, make_account
from tests.services.privacy.erasures import everything
from tests.services.privacy.my_data.seeded import OWN, Seeded

if TYPE_CHECKING:
    from judging.services.platform import Platform


def test_another_account_gets_nothing_and_after_a_day_nobody_does(platform: Platform) -> None:
    seeded = Seeded(platform)
    seeded.archive()
    with platform.database.writing() as session:
        own, other = session.get_one(Account, seeded.account), make_account(session)
        (row,) = list_exports(session, account=own, now=NOW)
        key = str(row.key)
        with pytest.raises(NotFound):
            find_export(session, account=other, export_id=row.id, now=NOW)
        assert list_exports(session, account=other, now=NOW) == []
        with pytest.raises(NotFound):
            find_export(session, account=own, export_id=row.id, now=NOW + timedelta(hours=24))
        (drop,) = session.query(Job).filter_by(name=DROP_JOB)
        assert drop.run_after == NOW + timedelta(hours=24)
        export_id = row.id
    for _ in range(2):
        with platform.database.writing() as session:
            drop_export(session, export_id=export_id)
    assert not platform.files.exists(key)


def test_one_archive_at_a_time_and_made_once(platform: Platform) -> None:
    seeded = Seeded(platform)
    with platform.database.writing() as session:
        account = session.get_one(Account, seeded.account)
        export_id = ask_export(session, account=account, now=NOW).id
        with pytest.raises(Conflict):
            ask_export(session, account=account, now=NOW)
        assert session.query(Job).filter_by(name=MAKE_JOB).count() == 1
    seeded.make(export_id)
    before = set(platform.files.keys())

    seeded.make(export_id)

    assert set(platform.files.keys()) == before


def test_archive_made_before_an_erasure_goes_with_it(platform: Platform) -> None:
    seeded = Seeded(platform)
    seeded.archive()
    with platform.database.writing() as session:
        entry = session.get_one(Entry, seeded.entry)
        actor = Actor(account_id=seeded.desk, roles=frozenset({Role.ORGANISER}))
        erase_entry(session, entry=entry, actor=actor, reason="Theo đơn.", with_sheets=False, now=NOW)

    with platform.database.reading() as session:
        assert session.query(DataExport).count() == 0
    left = everything(platform)
    assert [one for one in OWN if one.encode() in left and one != "2008-05-04"] == []


def test_archive_asked_for_and_erased_meanwhile_leaves_no_bytes(platform: Platform) -> None:
    seeded = Seeded(platform)
    before = set(platform.files.keys())
    with platform.database.writing() as session:
        account = session.get_one(Account, seeded.account)
        export_id = ask_export(session, account=account, now=NOW).id
        drop_export(session, export_id=export_id)

    seeded.make(export_id)

    assert set(platform.files.keys()) == before


def test_large_files_are_passed_on_in_pieces(platform: Platform) -> None:
    seeded = Seeded(platform)
    stored = platform.files.put(io.BytesIO(b"\x00" * 30_000_000))
    with platform.database.writing() as session:
        session.add(
            EntryFile(
                entry_id=seeded.entry, item="video", filename="v.mp4", media_type="video/mp4", size=stored.size,
                sha256=stored.sha256, key=stored.key, uploaded_at=NOW,
            )
        )  # fmt: skip
        export_id = ask_export(session, account=session.get_one(Account, seeded.account), now=NOW).id
    tracemalloc.start()
    try:
        seeded.make(export_id)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 15_000_000
