"""Files that are kept, scanned and copied again: what needs it and nothing else, once, and on record."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from judging.db.jobs import DONE
from judging.db.models import AuditEvent, Entry, EntryFile, FileCopy, FilePicture, Job
from judging.domain.copy_states import CopyState, Recheck, recheck_of
from judging.domain.permissions import Actor, Role
from judging.errors import NotAllowed
from judging.services.files.copies.rechecking import Rechecked, recheck_files
from judging.services.files.copies.rescanning import RESCAN_JOB, rescan_file
from judging.services.files.copies.scanning import ScannerUnreachable
from tests.copies import prepare_files
from tests.factories import NOW, make_account, make_contest, make_entry
from tests.services.files.contents import samples

if TYPE_CHECKING:
    from typing import BinaryIO

    from judging.services.platform import Platform

OFFICE = Actor(account_id=None, roles=frozenset({Role.SECRETARY}))
FILE = "files-rechecked"


def _clean(_source: BinaryIO) -> str:
    return ""


def _harmful(_source: BinaryIO) -> str:
    return "Canary"


def _away(_source: BinaryIO) -> str:
    raise ScannerUnreachable("away")


@pytest.fixture
def file_id(platform: Platform) -> str:
    """A file with its copy and its picture, made while there was no scanner."""
    with platform.database.writing() as session:
        entry = make_entry(session, make_contest(session, platform.registry), owner=make_account(session))
        stored = platform.files.put(samples.pdf(1))
        file = EntryFile(
            entry_id=entry.id, item="summary", filename="a.pdf", media_type="application/pdf", size=stored.size,
            sha256=stored.sha256, key=stored.key, uploaded_at=NOW,
        )  # fmt: skip
        session.add(file)
        session.flush()
        made = file.id
    prepare_files(platform)
    return made


def _recheck(platform: Platform, *, scans: bool = True, anew: bool = False, actor: Actor = OFFICE) -> Rechecked:
    with platform.database.writing() as session:
        entries = session.scalars(select(Entry)).all()
        return recheck_files(session, entries=entries, actor=actor, scans=scans, anew=anew, now=NOW)


def _work(platform: Platform, scanner: Callable[[BinaryIO], str] | None) -> None:
    """Do what is put down, as a worker would."""
    with platform.database.writing() as session:
        jobs = session.scalars(select(Job).where(Job.state != DONE, Job.name.in_(("prepare-file", RESCAN_JOB)))).all()
        names = {job.name for job in jobs}
        scanned = [job.payload["file"] for job in jobs if job.name == RESCAN_JOB]
        for job in jobs:
            job.state = DONE
    if "prepare-file" in names:
        prepare_files(platform, scanner=scanner)
    for one in scanned:
        rescan_file(platform.database, platform.files, file_id=one, scanner=scanner, now=NOW)


def _copy(platform: Platform, file_id: str) -> FileCopy:
    with platform.database.reading() as session:
        return session.get_one(FileCopy, file_id)


@given(st.one_of(st.none(), st.sampled_from(CopyState)), st.booleans(), st.booleans(), st.booleans())
def test_what_a_file_needs(state: CopyState | None, scanned: bool, scans: bool, anew: bool) -> None:
    act = recheck_of(state, scanned=scanned, scans=scans, anew=anew)
    if state is CopyState.INFECTED and not scans:
        assert act is Recheck.NOTHING
    if act is Recheck.SCAN:
        assert (state, scanned, scans) == (CopyState.READY, False, True)
    if state is CopyState.READY and not anew and (scanned or not scans):
        assert act is Recheck.NOTHING
    if state in (None, CopyState.FAILED, CopyState.HELD, CopyState.WAITING):
        assert act is Recheck.COPY


def test_file_from_before_the_scanner_is_scanned_once_and_keeps_its_copy(platform: Platform, file_id: str) -> None:
    before = _copy(platform, file_id)
    assert _recheck(platform, scans=False) == Rechecked(left=1)

    assert _recheck(platform) == Rechecked(scans=1)
    assert _recheck(platform) == Rechecked(left=1)
    _work(platform, _clean)

    after = _copy(platform, file_id)
    assert (after.state, after.scan, after.key) == (CopyState.READY, "clean", before.key)
    assert _recheck(platform) == Rechecked(left=1)
    with platform.database.reading() as session:
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == FILE)).all()
        assert (event.details["scans"], event.details["copies"]) == (1, 0)


def test_harm_found_later_closes_the_file_and_a_scanner_may_take_it_back(platform: Platform, file_id: str) -> None:
    _recheck(platform)
    _work(platform, _harmful)
    assert (_copy(platform, file_id).state, _copy(platform, file_id).scan) == (CopyState.INFECTED, "Canary")

    # Neither without a scanner nor while it is away is a harmful file given to anybody.
    assert _recheck(platform, scans=False) == Rechecked(left=1)
    assert _recheck(platform) == Rechecked(copies=1)
    _work(platform, None)
    assert _copy(platform, file_id).state == CopyState.INFECTED
    _recheck(platform)
    _work(platform, _away)
    assert _copy(platform, file_id).state == CopyState.INFECTED


def test_scanner_that_is_away_is_asked_later(platform: Platform, file_id: str) -> None:
    _recheck(platform)
    _work(platform, _away)
    assert _copy(platform, file_id).state == CopyState.READY
    with platform.database.reading() as session:
        (again,) = session.scalars(select(Job).where(Job.name == RESCAN_JOB, Job.state != DONE)).all()
        assert again.run_after > NOW


def test_copy_that_could_not_be_made_is_made_again(platform: Platform, file_id: str) -> None:
    with platform.database.writing() as session:
        for picture in session.scalars(select(FilePicture)).all():
            session.delete(picture)
        row = session.get_one(FileCopy, file_id)
        row.state, row.key = "failed", None
    assert _recheck(platform, scans=False) == Rechecked(copies=1)
    assert _copy(platform, file_id).state == CopyState.WAITING
    _work(platform, None)
    assert _copy(platform, file_id).state == CopyState.READY


def test_ready_copy_is_made_again_when_it_is_asked_for_and_nothing_is_left_over(
    platform: Platform, file_id: str
) -> None:
    before = _copy(platform, file_id).key
    assert _recheck(platform, scans=False, anew=True) == Rechecked(copies=1)
    with platform.database.reading() as session:
        assert session.scalars(select(FilePicture)).all() == []
    _work(platform, None)
    after = _copy(platform, file_id)
    assert after.state == CopyState.READY
    with platform.database.reading() as session:
        named = {after.key, *session.scalars(select(FilePicture.key)), *session.scalars(select(EntryFile.key))}
    assert before in named or before not in set(platform.files.keys())


def test_files_are_checked_again_by_the_office_alone(platform: Platform, file_id: str) -> None:
    assert file_id
    with pytest.raises(NotAllowed):
        _recheck(platform, actor=Actor(account_id=None, roles=frozenset({Role.AUDITOR})))
