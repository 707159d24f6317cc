"""Three years of nights: each class gone on its day and not before, and twice changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from judging.db.dump import dump_rows, read_tables
from judging.db.jobs import JobTable
from judging.db.models import AuditEvent, AuditHorizon, Job
from judging.domain.ledger.faults import Exit
from judging.domain.retention import Kept
from judging.jobs import JobRunner
from judging.services.privacy.jobs import privacy_handlers
from judging.services.privacy.retention.nightly import apply_retention
from judging.services.privacy.retention.planning import plan_nightly
from judging.services.privacy.retention.preview import due_now
from judging.services.upkeep.check import check_installation
from tests.services.privacy.erasures import receipts_of, verified
from tests.services.privacy.retention.played import PUBLISHED, midnight

if TYPE_CHECKING:
    from judging.services.platform import Platform
    from tests.services.privacy.retention.played import Played

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
