"""Tombstones: they name ids only, outlive a crash, and erase anew what a backup brought back."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from judging.db.models import AuditEvent, Contest, Entry
from judging.services.platform import Platform
from judging.services.privacy.erasure.afterwards import tombstone_file
from judging.services.privacy.erasure.erasing import erase_entry
from judging.services.privacy.erasure.replaying import replay_tombstones
from judging.services.privacy.erasure.tombstones import add_tombstone, read_tombstones
from judging.services.upkeep.checks.erasures import check_erasures
from tests.factories import NOW
from tests.services.privacy.erasures import MARK, Stage, erase, everything, publish_canaries


def _erase_and_fail(platform: Platform, stage: Stage) -> None:
    with platform.database.writing() as session:
        entry = session.get_one(Entry, stage.entry)
        erase_entry(session, entry=entry, actor=stage.organiser, reason="x", with_sheets=True, now=NOW)
        raise ZeroDivisionError


def test_refused_erasure_leaves_no_tombstone_and_no_file_is_lost(platform: Platform, stage: Stage) -> None:
    with pytest.raises(ZeroDivisionError):
        _erase_and_fail(platform, stage)

    assert not tombstone_file(platform.settings.score_log).exists()
    assert platform.files.exists(stage.key)
    with platform.database.reading() as session:
        assert session.get_one(Entry, stage.entry).title == f"{MARK} title"


def test_tombstone_names_ids_only(platform: Platform, stage: Stage) -> None:
    erase(platform, stage)

    path = tombstone_file(platform.settings.score_log)
    (line,) = path.read_text("utf-8").splitlines()
    with platform.database.reading() as session:
        slug = session.get_one(Contest, stage.contest).slug
    assert json.loads(line) == {
        "entry": stage.entry, "contest": slug, "at": NOW.isoformat(), "with_sheets": False,
    }  # fmt: skip
    assert path.stat().st_mode & 0o077 == 0


def test_line_cut_short_by_a_crash_is_told_and_spoils_no_other(platform: Platform, stage: Stage) -> None:
    path = tombstone_file(platform.settings.score_log)
    path.write_text('{"entry": "0000')

    erase(platform, stage)

    read = read_tombstones(path)
    assert ([one.entry for one in read.stones], read.unreadable) == ([stage.entry], 1)
    with platform.database.reading() as session:
        assert "1 lines" in check_erasures(session, platform.settings.score_log).problems[0]


def test_erasure_without_a_tombstone_gets_one(platform: Platform, stage: Stage) -> None:
    erase(platform, stage, with_sheets=True)
    path = tombstone_file(platform.settings.score_log)
    before = read_tombstones(path).stones
    path.unlink()
    with platform.database.reading() as session:
        finding = check_erasures(session, platform.settings.score_log)
    assert (finding.ok, len(finding.notes)) == (True, 1)

    assert replay_tombstones(platform, now=NOW) == 0

    assert read_tombstones(path).stones == before


def test_entry_that_came_back_is_told_and_erased_again_once(platform: Platform, stage: Stage) -> None:
    path = tombstone_file(platform.settings.score_log)
    erase(platform, stage)
    stones = read_tombstones(path).stones
    path.unlink()
    back = publish_canaries(platform)
    add_tombstone(path, type(stones[0])(entry=back.entry, contest="c", at=NOW, with_sheets=True))
    add_tombstone(path, type(stones[0])(entry="not-in-this-database", contest="c", at=NOW, with_sheets=True))
    with platform.database.reading() as session:
        (problem,) = check_erasures(session, platform.settings.score_log).problems
        assert back.entry in problem

    assert replay_tombstones(platform, now=NOW) == 1
    assert replay_tombstones(platform, now=NOW) == 0

    assert everything(platform).find(MARK.encode()) == -1
    with platform.database.reading() as session:
        assert check_erasures(session, platform.settings.score_log).ok
        acts = session.scalars(select(AuditEvent).where(AuditEvent.action == "entry-erased")).all()
        assert sorted((act.subject_id, act.details.get("restored", False)) for act in acts) == sorted(
            [(stage.entry, False), (back.entry, True)]
        )
