"""Three years of nights: each class gone on its day and not before, what is held stays, and twice changes nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from judging.db.dump import dump_rows, read_tables
from judging.db.jobs import JobTable
from judging.db.models import (
    Account,
    AuditEvent,
    AuditHorizon,
    ConsentTrace,
    Contest,
    DataRead,
    Entry,
    EntryFile,
    Job,
    LoginSession,
    SentMessage,
)
from judging.db.types import new_id
from judging.domain.addresses import ERASED_DOMAIN
from judging.domain.ledger.faults import Exit
from judging.domain.permissions import Actor, Role
from judging.domain.retention import Kept, Terms
from judging.errors import Conflict, NotAllowed, Refused
from judging.jobs import JobRunner
from judging.services.privacy.jobs import privacy_handlers
from judging.services.privacy.retention.holds import lift_hold, list_holds, place_hold
from judging.services.privacy.retention.nightly import apply_retention
from judging.services.privacy.retention.planning import plan_nightly
from judging.services.privacy.retention.preview import contest_files_due, due_now
from judging.services.privacy.retention.terms import set_terms, terms_of
from judging.services.upkeep.check import check_installation
from tests.factories import NOW, give_role, make_account, make_entry
from tests.services.privacy.erasures import publish_canaries, receipts_of, verified

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from judging.db.base import Base
    from judging.services.platform import Platform
    from tests.services.privacy.erasures import Stage

PUBLISHED = NOW
"""20 October 2021, 10:00 in Vietnam."""


def midnight(year: int, month: int, day: int) -> datetime:
    """The moment at which that day begins in Vietnam."""
    return datetime(year, month, day, tzinfo=UTC) - timedelta(hours=7)


def attach(platform: Platform, session: Session, entry: Entry) -> str:
    key = platform.files.put(b"%PDF-1.7 file").key
    session.add(
        EntryFile(
            entry_id=entry.id, item="summary", filename="a.pdf", media_type="application/pdf", size=13,
            sha256="0" * 64, key=key, uploaded_at=NOW,
        )
    )  # fmt: skip
    return key


class Played:
    """A published contest in which every class has something, and the nights after it."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.stage: Stage = publish_canaries(platform)
        with platform.database.writing() as session:
            contest = session.get_one(Contest, self.stage.contest)
            entries = session.scalars(select(Entry).where(Entry.contest_id == contest.id).order_by(Entry.number)).all()
            winner = next(one for one in entries if one.state == "awarded")
            loser = make_entry(session, contest, state="eliminated", number=90)
            self.winner, self.loser, self.winner_owner = winner.id, loser.id, winner.owner_id
            self.keys = {"winner": attach(platform, session, winner), "loser": attach(platform, session, loser)}
            self.idle = make_account(session, created_at=PUBLISHED).id
            self.active = make_account(session, created_at=PUBLISHED).id
            self._log_in(session, self.active, PUBLISHED + timedelta(days=700))
            self.organiser = make_account(session, created_at=PUBLISHED).id
            give_role(session, contest, session.get_one(Account, self.organiser), "organiser")
            session.add(
                DataRead(
                    at=PUBLISHED, account_id=self.organiser, contest_id=contest.id, entry_id=loser.id, what="dossier"
                )
            )  # fmt: skip
            session.add(
                ConsentTrace(
                    contest_id=contest.id, entry_id=new_id(), member_id=new_id(), purpose="publish-name",
                    given_by="self", given_at=PUBLISHED - timedelta(days=99), data_gone_at=PUBLISHED,
                )
            )  # fmt: skip
            session.add(
                SentMessage(
                    contest_id=contest.id, entry_id=loser.id, address="a@example.vn", kind="other", key="other:k",
                    locale="vi", subject="Về bài dự thi", text="Gửi em", sha256="0" * 64, state="sent",
                    answer="250 OK", created_at=PUBLISHED, leaves_at=PUBLISHED,
                )
            )  # fmt: skip
            # What the database itself must take for five years old, it being asked by its own clock.
            old = datetime(2017, 6, 1, 3, tzinfo=UTC)
            session.add(AuditEvent(at=old, action="signed-in", subject="account", subject_id=self.organiser))

    def _log_in(self, session: Session, account_id: str, seen: datetime) -> None:
        session.add(
            LoginSession(
                account_id=account_id, token_sha256=new_id(), created_at=PUBLISHED, seen_at=seen, expires_at=seen
            )
        )

    @property
    def actor(self) -> Actor:
        return Actor(account_id=self.organiser, roles=frozenset({Role.ORGANISER}))

    def left(self) -> dict[str, bool]:
        """What is still there."""
        with self.platform.database.reading() as session:

            def count(model: type[Base], *where: ColumnElement[bool]) -> bool:
                return bool(session.scalar(select(func.count()).select_from(model).where(*where)))

            def known(account_id: str) -> bool:
                return not session.get_one(Account, account_id).email.endswith(ERASED_DOMAIN)

            return {
                "loser": self.platform.files.exists(self.keys["loser"]),
                "loser-row": count(EntryFile, EntryFile.entry_id == self.loser),
                "winner": self.platform.files.exists(self.keys["winner"]),
                "winner-row": count(EntryFile, EntryFile.entry_id == self.winner),
                "idle": known(self.idle),
                "active": known(self.active),
                "organiser": known(self.organiser),
                "read": count(DataRead),
                "trace": count(ConsentTrace),
                "letter": count(SentMessage, SentMessage.key == "other:k", SentMessage.text != ""),
                "old-act": count(AuditEvent, AuditEvent.at < datetime(2018, 1, 1, tzinfo=UTC)),
            }


GOES = {
    "read": midnight(2022, 1, 19),
    "loser": midnight(2022, 4, 21),
    "loser-row": midnight(2022, 4, 21),
    "old-act": midnight(2022, 6, 2),
    "winner": midnight(2023, 10, 21),
    "winner-row": midnight(2023, 10, 21),
    "idle": midnight(2023, 10, 21),
    "letter": midnight(2023, 10, 21),
    "trace": midnight(2024, 10, 21),
}
"""When each class goes: 90 days, 6 months, 5 years from 1 June 2017, 24 months (thrice), 3 years."""


@pytest.fixture
def played(platform: Platform) -> Played:
    return Played(platform)


def nights(until: datetime) -> list[datetime]:
    """Each month's first night, and those around every day on which something goes."""
    found = {datetime(year, month, 1, 19, tzinfo=UTC) for year in range(2021, 2026) for month in range(1, 13)}
    for moment in GOES.values():
        found |= {moment + timedelta(days=days, hours=2) for days in (-2, -1, 0, 1)}
        found |= {moment - timedelta(microseconds=1), moment}
    return sorted(one for one in found if PUBLISHED < one <= until)


def test_three_years_of_nights_take_each_class_on_its_day(played: Played) -> None:
    database = played.platform.database
    for night in nights(midnight(2024, 12, 1)):
        with time_machine.travel(night, tick=False):
            apply_retention(database, now=datetime.now(UTC))
        left = played.left()
        wrong = {what: at for what, at in GOES.items() if left[what] != (night < at)}
        assert not wrong, f"{night}: {left}"
        assert left["active"]
        assert left["organiser"]

    # The entry's own bundle, its sheets and the score log are as they were.
    receipts = receipts_of(played.platform, played.stage.sheets + played.stage.others)
    assert verified(played.platform, played.stage, receipts).code in (Exit.OK, Exit.NOT_RECOUNTED)
    problems = {one.name: one.problems for one in check_installation(played.platform, deep=False)}
    assert {name: problems[name] for name in ("tables", "files")} == {"tables": (), "files": ()}


def _state(platform: Platform) -> list[bytes]:
    with platform.database.engine.connect() as connection:
        return [row for table in read_tables(connection) for row in dump_rows(connection, table)]


def test_second_run_changes_nothing(played: Played) -> None:
    night = midnight(2024, 12, 1)
    first = apply_retention(played.platform.database, now=night)
    state = _state(played.platform)

    again = apply_retention(played.platform.database, now=night)

    assert first[Kept.LOSER_FILES] >= 1
    assert min(first[kept] for kept in Kept) >= 1
    assert set(again.values()) == {0}
    assert _state(played.platform) == state


def test_counts_of_files_stand_in_the_record(played: Played) -> None:
    apply_retention(played.platform.database, now=midnight(2022, 4, 21))

    with played.platform.database.reading() as session:
        (act,) = session.query(AuditEvent).filter_by(action="retention-applied")
        assert act.details["loser-files"] >= 1
        assert act.actor_id is None


@pytest.mark.parametrize("what", ["entry", "contest"])
def test_held_things_stay_until_the_hold_is_lifted_or_over(played: Played, what: str) -> None:
    platform, late = played.platform, midnight(2024, 12, 1)
    with platform.database.writing() as session:
        contest = session.get_one(Contest, played.stage.contest)
        entry = session.get_one(Entry, played.loser) if what == "entry" else None
        hold = place_hold(
            session, contest=contest, entry=entry, actor=played.actor, reason="Khiếu nại số 3.", until=None, now=NOW
        )
        hold_id = hold.id

    apply_retention(platform.database, now=late)

    left = played.left()
    assert left["loser"]
    assert left["read"]
    assert left["winner"] == (what == "contest")
    assert left["trace"] == (what == "contest")
    with platform.database.writing() as session:
        contest = session.get_one(Contest, played.stage.contest)
        owner = session.get_one(Account, session.get_one(Entry, played.loser).owner_id)
        assert not owner.email.endswith(ERASED_DOMAIN)
        lift_hold(session, contest=contest, hold_id=hold_id, actor=played.actor, now=late)
        assert list_holds(session, contest, now=late) == []
        with pytest.raises(Conflict):
            lift_hold(session, contest=contest, hold_id=hold_id, actor=played.actor, now=late)
    apply_retention(platform.database, now=late)
    assert not any(played.left()[one] for one in ("loser", "winner", "read", "trace"))


def test_hold_until_a_day_ends_with_it(played: Played) -> None:
    with played.platform.database.writing() as session:
        contest = session.get_one(Contest, played.stage.contest)
        place_hold(
            session, contest=contest, entry=None, actor=played.actor, reason="x", until=date(2022, 6, 30), now=NOW
        )

    apply_retention(played.platform.database, now=midnight(2022, 7, 1) - timedelta(seconds=1))
    assert played.left()["loser"]
    apply_retention(played.platform.database, now=midnight(2022, 7, 1))
    assert not played.left()["loser"]


def test_archive_by_regulation_keeps_the_files_for_five_years(played: Played) -> None:
    with played.platform.database.writing() as session:
        contest = session.get_one(Contest, played.stage.contest)
        set_terms(session, contest=contest, actor=played.actor, terms=Terms(archive_years=5), now=NOW)
        assert terms_of(session, contest).archive_years == 5
        assert {one.at for one in contest_files_due(session, contest, now=NOW)} == {midnight(2026, 10, 21)}

    apply_retention(played.platform.database, now=midnight(2026, 10, 20))

    assert played.left()["loser"]
    assert played.left()["winner"]


def _terms(session: Session, played: Played, actor: Actor, terms: Terms) -> Callable[[], None]:
    contest = session.get_one(Contest, played.stage.contest)
    return lambda: set_terms(session, contest=contest, actor=actor, terms=terms, now=NOW)


def test_terms_and_holds_are_for_organiser_and_administrator(played: Played) -> None:
    secretary = Actor(account_id=played.organiser, roles=frozenset({Role.SECRETARY}))
    with played.platform.database.writing() as session:
        contest = session.get_one(Contest, played.stage.contest)
        with pytest.raises(NotAllowed):
            _terms(session, played, secretary, Terms())()
        with pytest.raises(Refused):
            _terms(session, played, played.actor, Terms(loser_months=0))()
        with pytest.raises(NotAllowed):
            place_hold(session, contest=contest, entry=None, actor=secretary, reason="x", until=None, now=NOW)
        with pytest.raises(Refused) as refused:
            place_hold(
                session, contest=contest, entry=None, actor=played.actor, reason=" ", until=date(2020, 1, 1), now=NOW
            )
        assert [one.where for one in refused.value.problems] == ["reason", "until"]


def test_preview_tells_what_the_run_then_does(played: Played) -> None:
    night = midnight(2024, 12, 1)
    with played.platform.database.reading() as session:
        told = due_now(session, now=night)

    gone = apply_retention(played.platform.database, now=night)

    assert {kept for kept, count in told.items() if count} == {kept for kept, count in gone.items() if count}
    for kept in (Kept.IDLE_ACCOUNTS, Kept.CONSENT_PROOFS):
        assert told[kept] == gone[kept]


def test_database_deletes_no_act_that_is_younger_than_five_years(played: Played) -> None:
    # The database goes by its own clock, whatever the program says that it is.
    young = datetime.now(UTC) - timedelta(days=4 * 365)
    database = played.platform.database

    with pytest.raises(IntegrityError, match="acts are kept for five years"), database.writing() as session:
        session.add(AuditHorizon(before=young))
    with database.writing() as session:
        session.add(AuditHorizon(before=datetime(2016, 1, 1, tzinfo=UTC)))
    with pytest.raises(IntegrityError, match="never changed or deleted"), database.writing() as session:
        session.execute(delete(AuditEvent))


def test_night_is_planned_once_and_each_plans_the_next(played: Played) -> None:
    platform, first = played.platform, PUBLISHED
    with time_machine.travel(first, tick=False) as traveller:
        for _ in range(3):
            with platform.database.writing() as session:
                plan_nightly(session, now=datetime.now(UTC))
        handlers = privacy_handlers(
            platform.database, registry=platform.registry, files=platform.files, settings=platform.settings
        )
        runner = JobRunner(JobTable(platform.database), lambda: handlers)
        for night in range(1, 4):
            traveller.move_to(first + timedelta(days=night))
            runner.run_due()

    with platform.database.reading() as session:
        jobs = session.scalars(select(Job).where(Job.name == "nightly-retention").order_by(Job.run_after)).all()
    assert [job.state for job in jobs] == ["done", "done", "done", "queued"]
    # 2:00 in Vietnam.
    assert {job.run_after.hour for job in jobs} == {19}
