"""A virus scanner, where there is one: what it finds nobody gets, and while it is away a file is held, never lost."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sqlalchemy import select

from judging.db.models import Entry, EntryFile, FileCopy, Job
from judging.domain.copy_states import CopyState
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict
from judging.services.contests.editions import contest_rules
from judging.services.files.access import find_file
from judging.services.files.copies.asking import PREPARE_JOB
from judging.services.files.copies.scanning import ScannerUnreachable, open_scanner
from judging.services.platform import Platform
from judging.settings import Settings, SettingsError
from tests.copies import prepare_files
from tests.factories import NOW, make_account, make_contest, make_entry
from tests.services.files.contents import samples
from tests.services.files.contents.clamd import SIGNATURE, running_scanner

AWAY = "tcp://127.0.0.1:1"


@pytest.fixture
def file_id(platform: Platform) -> str:
    with platform.database.writing() as session:
        entry = make_entry(session, make_contest(session, platform.registry), owner=make_account(session))
        stored = platform.files.put(samples.pdf(1))
        file = EntryFile(
            entry_id=entry.id, item="summary", filename="a.pdf", media_type="application/pdf", size=stored.size,
            sha256=stored.sha256, key=stored.key, uploaded_at=NOW,
        )  # fmt: skip
        session.add(file)
        session.flush()
        return file.id


def copy_of(platform: Platform, file_id: str) -> FileCopy:
    with platform.database.reading() as session:
        return session.get_one(FileCopy, file_id)


def test_scanner_says_what_it_found() -> None:
    with running_scanner() as address:
        scan = open_scanner(address)
        assert scan is not None
        assert scan(io.BytesIO(b"nothing")) == ""
        assert scan(io.BytesIO(b"before" + SIGNATURE)) == "Canary.Test.Signature"
        with pytest.raises(ScannerUnreachable, match="size limit exceeded"):
            scan(io.BytesIO(bytes(1_000_001)))


def test_scanner_that_is_away_gives_no_verdict() -> None:
    scan = open_scanner(AWAY)
    assert scan is not None

    with pytest.raises(ScannerUnreachable, match="gave no verdict"):
        scan(io.BytesIO(b"nothing"))


def test_without_an_address_there_is_no_scanner() -> None:
    assert open_scanner("") is None


def test_address_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="tcp://, unix://"):
        Settings.from_environment({"JUDGING_CLAMD": "http://scanner", "JUDGING_SECRET_KEY": "0123456789abcdef" * 2})


def test_clean_file_is_prepared_and_said_to_be_clean(platform: Platform, file_id: str) -> None:
    with running_scanner() as address:
        prepare_files(platform, scanner=open_scanner(address))

    copied = copy_of(platform, file_id)
    assert (copied.state, copied.scan) == (CopyState.READY, "clean")


def test_file_is_held_while_the_scanner_is_away_and_made_when_it_is_back(platform: Platform, file_id: str) -> None:
    prepare_files(platform, scanner=open_scanner(AWAY))

    assert copy_of(platform, file_id).state == CopyState.HELD
    assert len(list(platform.files.keys())) == 1
    with platform.database.reading() as session:
        waiting = session.scalars(select(Job).where(Job.name == PREPARE_JOB)).one()
        assert (waiting.payload, (waiting.run_after - NOW).total_seconds()) == ({"file": file_id}, 300)

    with running_scanner() as address:
        prepare_files(platform, scanner=open_scanner(address))
    assert copy_of(platform, file_id).state == CopyState.READY


def test_file_in_which_something_was_found_is_nobodys(platform: Platform) -> None:
    with platform.database.writing() as session:
        entry = make_entry(session, make_contest(session, platform.registry), owner=make_account(session))
        stored = platform.files.put(samples.pdf(1) + SIGNATURE)
        file = EntryFile(
            entry_id=entry.id, item="summary", filename="a.pdf", media_type="application/pdf", size=stored.size,
            sha256=stored.sha256, key=stored.key, uploaded_at=NOW,
        )  # fmt: skip
        session.add(file)
    with running_scanner() as address:
        prepare_files(platform, scanner=open_scanner(address))

    copied = copy_of(platform, file.id)
    assert (copied.state, copied.scan) == (CopyState.INFECTED, "Canary.Test.Signature")
    office = Actor(account_id=entry.owner_id, roles=frozenset({Role.ORGANISER}))
    with platform.database.reading() as session:
        found = session.get_one(Entry, entry.id)
        rules = contest_rules(platform.registry, found.contest)
        with pytest.raises(Conflict, match="something harmful"):
            find_file(session, entry=found, file_id=file.id, actor=office, rules=rules)
