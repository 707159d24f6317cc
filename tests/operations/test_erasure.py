"""Erasing an entry of a whole installation: everything still holds, and no backup brings its people back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from judging.db.models import Contest, Entry, EntryFile, SheetVersion
from judging.domain.ledger.faults import Exit
from judging.domain.permissions import Actor, Role
from judging.services.contests.editions import contest_rules
from judging.services.platform import Platform
from judging.services.privacy.erasure.afterwards import tombstone_file
from judging.services.privacy.erasure.erasing import erase_entry
from judging.services.privacy.erasure.replaying import replay_tombstones
from judging.services.score_log.heads import newest_log
from judging.services.score_log.keeper import keeper_of
from judging.services.score_log.publishing import make_bundle
from judging.services.upkeep.check import check_installation
from judging.verify import Request, verify_bundle
from tests.demo.made import copy_demo
from tests.operations.conftest import Command
from tests.operations.installations import NOW, back_up, installation
from tests.operations.live import served

MARK = "qxzcanary"


def find_awarded(platform: Platform) -> tuple[str, str, str, list[str]]:
    """Contest, code and id of an entry with files that was given a prize, and the keys of its files."""
    with platform.database.reading() as session:
        entry = session.scalars(
            select(Entry)
            .join(Contest, Contest.id == Entry.contest_id)
            .join(EntryFile, EntryFile.entry_id == Entry.id)
            .where(Contest.published_at.is_not(None), Entry.state == "awarded")
            .order_by(Entry.id)
            .limit(1)
        ).one()
        prefix = contest_rules(platform.registry, entry.contest).prefix
        return entry.contest.slug, f"{prefix}-{entry.number:03d}", entry.id, [file.key for file in entry.files]


def plant(platform: Platform, entry_id: str) -> None:
    with platform.database.writing() as session:
        entry = session.get_one(Entry, entry_id)
        entry.title, entry.answers = f"{MARK} title", {"summary": MARK}
        entry.members[0].name = entry.owner.name = f"{MARK} Name"
        entry.members[0].name_key = f"{MARK} name"
        entry.owner.email = entry.owner.email_key = f"{MARK}@example.vn"


def found_in(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and MARK.encode() in path.read_bytes()]


@pytest.mark.parametrize(("with_sheets", "code"), [(False, Exit.OK), (True, Exit.NOT_RECOUNTED)])
def test_erased_installation_passes_every_check_and_is_verified(
    restored: Platform, *, with_sheets: bool, code: Exit
) -> None:
    slug, _, entry_id, keys = find_awarded(restored)
    before = {one.name: one.problems for one in check_installation(restored, deep=True)}

    with restored.database.writing() as session:
        actor = Actor(roles=frozenset({Role.ADMINISTRATOR}))
        entry = session.get_one(Entry, entry_id)
        erase_entry(session, entry=entry, actor=actor, reason="x", with_sheets=with_sheets, now=NOW)

    assert {one.name: one.problems for one in check_installation(restored, deep=True)} == before
    # Others' files may share their bytes, and the check has just read them all.
    with restored.database.reading() as session:
        kept = set(session.scalars(select(EntryFile.key).where(EntryFile.key.in_(keys))))
    assert {key for key in keys if restored.files.exists(key)} == kept
    with restored.database.reading() as session:
        contest = session.scalars(select(Contest).where(Contest.slug == slug)).one()
        log = newest_log(session, contest)
        assert log is not None
        bundle = make_bundle(session, contest)
        outcome = verify_bundle(
            Request(bundle=bundle.path, keys=[keeper_of(session).notary.verifier(log.origin)], receipts={})
        )
    assert outcome.code == code


def test_backup_from_before_an_erasure_brings_nobody_back(judging: Command, demo: Platform, tmp_path: Path) -> None:
    slug, code, entry_id, _ = find_awarded(demo)
    plant(demo, entry_id)
    file, there = tmp_path / "before.backup", tmp_path / "there"
    back_up(demo, file)
    assert found_in(demo.settings.data)

    erased = judging("erase", slug, code, "--reason", "x", "--with-sheets", "--json", "--data", demo.settings.data)
    assert erased.returncode == 0, erased.stderr
    assert json.loads(erased.stdout)["entry"] == entry_id
    assert found_in(demo.settings.data) == []

    stones = tombstone_file(demo.settings.score_log)
    back = judging("restore", file, "--json", "--data", there, "--erased", stones)

    assert back.returncode == 0, back.stdout + back.stderr
    told = json.loads(back.stdout)
    assert (told["ok"], told["erased_again"]) == (True, 1)
    assert found_in(there) == []
    with installation(there) as platform, platform.database.reading() as session:
        entry = session.get_one(Entry, entry_id)
        assert (entry.title, entry.erased_at is None) == ("", False)
        readings = select(SheetVersion.total).join(SheetVersion.assignment)
        assert set(session.scalars(readings.where(SheetVersion.assignment.has(entry_id=entry_id)))) == {""}
    # The new installation knows it from now on, whatever is brought back into it.
    assert entry_id in tombstone_file(there / "log").read_text("utf-8")


def test_restore_without_tombstones_brings_everything_back(judging: Command, demo: Platform, tmp_path: Path) -> None:
    _, _, entry_id, _ = find_awarded(demo)
    plant(demo, entry_id)
    back_up(demo, tmp_path / "b")

    back = judging("restore", tmp_path / "b", "--json", "--data", tmp_path / "there")

    assert json.loads(back.stdout)["erased_again"] == 0
    assert found_in(tmp_path / "there")


def test_restore_reads_the_tombstones_that_lie_in_its_folder(judging: Command, demo: Platform, tmp_path: Path) -> None:
    slug, code, entry_id, _ = find_awarded(demo)
    plant(demo, entry_id)
    back_up(demo, tmp_path / "b")
    assert judging("erase", slug, code, "--reason", "x", "--data", demo.settings.data).returncode == 0
    shutil.copytree(demo.settings.score_log, tmp_path / "there" / "log")

    back = judging("restore", tmp_path / "b", "--json", "--data", tmp_path / "there")

    assert json.loads(back.stdout)["erased_again"] == 1, back.stderr
    assert found_in(tmp_path / "there") == []


def test_server_erases_what_came_back_before_it_serves(tmp_path: Path) -> None:
    folder, old = copy_demo(tmp_path / "demo"), tmp_path / "old.db"
    with installation(folder) as platform:
        _, _, entry_id, _ = find_awarded(platform)
        plant(platform, entry_id)
    shutil.copyfile(folder / "judging.db", old)
    with installation(folder) as platform, platform.database.writing() as session:
        actor = Actor(roles=frozenset({Role.ADMINISTRATOR}))
        entry = session.get_one(Entry, entry_id)
        erase_entry(session, entry=entry, actor=actor, reason="x", with_sheets=False, now=NOW)
    shutil.copyfile(old, folder / "judging.db")
    assert found_in(folder)

    with served(folder, tmp_path / "log") as server:
        pass

    assert "are erased again" in server.log
    assert found_in(folder) == []


def test_tombstone_file_that_cannot_be_read_is_a_refusal(judging: Command, demo: Platform) -> None:
    tombstone_file(demo.settings.score_log).mkdir(parents=True)

    done = judging("serve", "--port", "1", "--data", demo.settings.data)

    assert (done.returncode, "erased.jsonl cannot be read" in done.stderr) == (1, True), done.stderr


@pytest.mark.parametrize("code", ["XX-001", "nonsense", "ST-99999", "-1", ""])
def test_command_refuses_what_is_no_entry(judging: Command, demo: Platform, code: str) -> None:
    slug, *_ = find_awarded(demo)

    done = judging("erase", "--reason", "x", "--data", demo.settings.data, "--", slug, code)

    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert done.stderr.startswith("judging: There is no entry")


def test_replay_of_nothing_does_nothing(demo: Platform) -> None:
    assert replay_tombstones(demo, now=NOW) == 0
    assert not tombstone_file(demo.settings.score_log).exists()
