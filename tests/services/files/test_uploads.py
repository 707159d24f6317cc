"""Uploads below the pages: two senders at once, broken lines, quotas, the sweep, the deadline."""

from __future__ import annotations

import hashlib
import io
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from judging.db.models import Contest, Entry, EntryFile, IntakeSettings, Job, Upload, UploadPart
from judging.domain.permissions import Actor
from judging.domain.roles import Role
from judging.domain.upload_limits import KEPT_FOR, REMEMBERED_FOR, UploadLimits
from judging.errors import Conflict, Refused
from judging.services.contests.editions import contest_rules
from judging.services.files.uploads import pieces
from judging.services.files.uploads.beginning import begin_upload
from judging.services.files.uploads.ending import cancel_upload
from judging.services.files.uploads.finishing import finish_upload
from judging.services.files.uploads.limits import limits_of, set_limits, usage_of
from judging.services.files.uploads.receiving import Received, receive_bytes
from judging.services.files.uploads.states import UploadGone
from judging.services.files.uploads.sweeping import SWEEP_JOB, sweep_uploads
from judging.services.upkeep.check import check_installation
from tests.factories import make_contest, make_entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from judging.services.platform import Platform

NOW = datetime(2021, 10, 20, 3, 0, tzinfo=UTC)


class Case:
    """An open contest with a draft, and its author's way to send files."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        with platform.database.writing() as session:
            contest = make_contest(session, platform.registry)
            entry = make_entry(session, contest, state="draft")
            self.contest_id, self.entry_id = contest.id, entry.id
            self.actor = Actor(account_id=entry.owner_id, roles=frozenset({Role.CONTESTANT}))
            self.rules = contest_rules(platform.registry, contest)

    def begin(self, length: int, *, item: str = "pictures", now: datetime = NOW) -> Upload:
        with self.platform.database.writing() as session:
            return begin_upload(
                session, entry=session.get_one(Entry, self.entry_id), actor=self.actor, rules=self.rules, item=item,
                filename="a.png", length=length, now=now,
            )  # fmt: skip

    def upload(self, upload: Upload) -> Upload:
        with self.platform.database.reading() as session:
            return session.get_one(Upload, upload.id)

    def receive(self, upload: Upload, source: Any, *, now: datetime = NOW) -> Received:
        return receive_bytes(
            self.platform, upload=self.upload(upload), source=source, checksum=None, clock=lambda: now
        )  # fmt: skip

    def send(self, upload: Upload, content: bytes, *, now: datetime = NOW) -> None:
        """What a request does."""
        received = self.receive(upload, io.BytesIO(content), now=now)
        if received.last is not None:
            finish_upload(
                self.platform, upload=upload, offset=received.offset, last=received.last, rules=self.rules,
                actor=self.actor, clock=lambda: now,
            )  # fmt: skip

    def files(self) -> list[EntryFile]:
        with self.platform.database.reading() as session:
            return list(session.scalars(select(EntryFile)))

    def count(self, table: type) -> int:
        with self.platform.database.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def change(self, change: Callable[[Session], object]) -> None:
        with self.platform.database.writing() as session:
            change(session)


@pytest.fixture
def case(platform: Platform) -> Case:
    return Case(platform)


def picture() -> bytes:
    from tests.web.entrant.test_files import image_bytes

    return image_bytes()


def test_a_long_body_is_kept_part_by_part(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MOST_BYTES", pieces.PIECE)
    content = picture() + bytes(3 * pieces.PIECE)
    upload = case.begin(len(content))

    received = case.receive(upload, io.BytesIO(content[:-1]))

    assert received.offset == len(content) - 1 == case.upload(upload).received
    assert case.count(UploadPart) == 4
    case.send(upload, content[-1:])
    (file,) = case.files()
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert list(case.platform.files.keys()) == [file.key]
    assert case.count(UploadPart) == 0


def test_a_slow_line_is_kept_every_few_seconds() -> None:
    moments = iter(range(0, 100, 2))
    stretch = pieces.Stretch(io.BytesIO(bytes(10 * pieces.PIECE)), clock=lambda: float(next(moments)))

    assert stretch.has_more()
    assert sum(len(piece) for piece in iter(stretch.read, b"")) == 3 * pieces.PIECE


def test_what_came_before_a_line_broke_is_kept(case: Case) -> None:
    class Breaking(io.BytesIO):
        """Ends as the stream of a request does when its line breaks."""

    upload = case.begin(1000)

    assert case.receive(upload, Breaking(b"x" * 300)).offset == 300
    assert case.upload(upload).received == 300
    assert case.upload(upload).expires_at == NOW + KEPT_FOR


def test_of_two_who_send_at_once_one_is_kept(case: Case) -> None:
    class Waiting(io.BytesIO):
        """Gives its first bytes only when the other sender is as far."""

        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() == 0:
                together.wait(10)
            return super().read(size)

    together = threading.Barrier(2)
    upload = case.begin(1000)
    ends: list[str] = []

    def send() -> None:
        try:
            case.receive(upload, Waiting(b"x" * 300))
            ends.append("kept")
        except Conflict:
            ends.append("refused")

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(ends) == ["kept", "refused"]
    assert case.upload(upload).received == 300
    assert case.count(UploadPart) == 1
    assert len(list(case.platform.files.keys())) == 1


def test_of_two_who_finish_at_once_one_file_stays(case: Case) -> None:
    content = picture()
    upload = case.begin(len(content))
    received = [case.receive(upload, io.BytesIO(content)) for _ in range(2)]
    ends = []

    for one in received:
        assert one.last is not None
        try:
            finish_upload(
                case.platform, upload=upload, offset=one.offset, last=one.last, rules=case.rules, actor=case.actor,
                clock=lambda: NOW,
            )  # fmt: skip
            ends.append("kept")
        except Conflict:
            ends.append("refused")

    assert ends == ["kept", "refused"]
    assert [file.key for file in case.files()] == list(case.platform.files.keys())


def test_parts_that_did_not_come_back_with_a_backup_end_the_upload(case: Case) -> None:
    content = picture()
    upload = case.begin(len(content))
    case.send(upload, content[:50])
    for key in list(case.platform.files.keys()):
        case.platform.files.delete(key)

    with pytest.raises(UploadGone):
        case.send(upload, content[50:])

    assert case.upload(upload).state == "refused"
    assert list(case.platform.files.keys()) == []


def test_rooms_count_what_is_under_way_with_its_whole_length(case: Case) -> None:
    case.begin(400_000)
    content = picture()
    case.send(case.begin(len(content)), content)

    with case.platform.database.reading() as session:
        usage = usage_of(
            session, contest_id=case.contest_id, entry_id=case.entry_id, account_id=case.actor.account_id or ""
        )

    assert (usage.entry, usage.contest, usage.open) == (400_000 + len(content), 400_000 + len(content), 1)


def test_beginning_beyond_the_room_of_the_entry_is_refused_until_one_is_cancelled(case: Case) -> None:
    def limit(session: Session) -> None:
        organiser = Actor(account_id=case.actor.account_id, roles=frozenset({Role.ORGANISER}))
        limits = UploadLimits(entry_megabytes=1, contest_megabytes=10, most_open=2)
        contest = session.get_one(Contest, case.contest_id)
        set_limits(session, contest=contest, actor=organiser, limits=limits, now=NOW)
        assert limits_of(session, contest_id=case.contest_id) == limits

    case.change(limit)
    first = case.begin(600_000)

    with pytest.raises(Refused) as refused:
        case.begin(600_000)
    assert [problem.code for problem in refused.value.problems] == ["entry-full"]
    case.begin(300_000)
    with pytest.raises(Refused) as refused:
        case.begin(1)
    assert [problem.code for problem in refused.value.problems] == ["too-many-uploads"]
    case.change(lambda session: cancel_upload(session, upload=session.get_one(Upload, first.id), now=NOW))
    case.begin(600_000)


def test_sweep_ends_what_was_silent_and_only_that_however_often_it_runs(case: Case) -> None:
    silent, living = case.begin(1000), case.begin(1000)
    case.receive(silent, io.BytesIO(b"x" * 10))
    case.receive(living, io.BytesIO(b"y" * 10), now=NOW + timedelta(hours=2))
    later = NOW + KEPT_FOR + timedelta(hours=1)

    ended = [sweep_uploads(case.platform.database, case.platform.files, now=later) for _ in range(2)]

    assert ended == [1, 0]
    assert (case.upload(silent).state, case.upload(silent).filename) == ("expired", "")
    assert case.upload(living).state == "open"
    assert len(list(case.platform.files.keys())) == 1
    with pytest.raises(Conflict):
        case.receive(silent, io.BytesIO(b"x"))


def test_sweep_finds_parts_that_a_crash_left_behind(case: Case) -> None:
    upload = case.begin(1000)
    case.receive(upload, io.BytesIO(b"x" * 10))
    # As when the process dies between the end of the upload and the end of its parts.
    case.change(lambda session: setattr(session.get_one(Upload, upload.id), "state", "finished"))

    sweep_uploads(case.platform.database, case.platform.files, now=NOW)

    assert (case.count(UploadPart), list(case.platform.files.keys())) == (0, [])


def test_sweep_forgets_what_ended_long_ago_and_plans_itself_only_while_it_is_needed(case: Case) -> None:
    case.begin(1000)
    with case.platform.database.reading() as session:
        planned = session.scalars(select(Job).where(Job.name == SWEEP_JOB)).all()
    assert [job.run_after for job in planned] == [NOW + KEPT_FOR + timedelta(hours=1)]

    sweep_uploads(case.platform.database, case.platform.files, now=NOW + KEPT_FOR)
    assert case.count(Upload) == 1
    sweep_uploads(case.platform.database, case.platform.files, now=NOW + KEPT_FOR + REMEMBERED_FOR)

    assert case.count(Upload) == 0
    jobs = case.count(Job)
    sweep_uploads(case.platform.database, case.platform.files, now=NOW + KEPT_FOR + REMEMBERED_FOR * 2)
    assert case.count(Job) == jobs


@pytest.mark.parametrize(("seconds", "grace", "kept"), [(60, 1, True), (61, 1, False), (1, 0, False)])
def test_upload_begun_before_the_deadline_ends_within_the_grace(
    case: Case, seconds: int, grace: int, kept: bool
) -> None:
    content = picture()
    upload = case.begin(len(content))

    def close(session: Session) -> None:
        contest = session.get_one(Contest, case.contest_id)
        contest.closes_at, contest.phase = NOW, "closed"
        session.add(
            IntakeSettings(
                contest_id=contest.id, grace_minutes=grace, two_persons=False, return_days=7, checklist=[], reasons=[]
            )
        )

    case.change(close)
    if kept:
        case.send(upload, content, now=NOW + timedelta(seconds=seconds))
    else:
        with pytest.raises(Conflict):
            case.send(upload, content, now=NOW + timedelta(seconds=seconds))

    assert len(case.files()) == kept
    assert len(list(case.platform.files.keys())) == kept


def test_parts_under_way_are_no_leftovers_to_the_check(case: Case) -> None:
    case.receive(case.begin(1000), io.BytesIO(b"x" * 10))

    found = {finding.name: finding for finding in check_installation(case.platform)}

    assert found["files"].notes == ()
