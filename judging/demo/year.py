"""Making the demo year: everything is generated first, then stored at once, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.jobs import enqueue_job
from judging.db.models import Account, Contest
from judging.demo.blobs import Blobs
from judging.demo.consents import keep_texts
from judging.demo.draw import Draw
from judging.demo.edition import Edition, World, open_edition
from judging.demo.entries import Fate, Made, fill_files, make_entries
from judging.demo.intake import take_in
from judging.demo.office import make_office
from judging.demo.outcome import publish
from judging.demo.people import People
from judging.demo.plan import CONTESTS, UNJUDGED, ContestPlan, Size, Stage
from judging.demo.readings import find_conflicts, place_conflicts
from judging.demo.rounds import begin_round, play_round
from judging.demo.rows import Rows
from judging.domain.entry_states import EntryState
from judging.domain.roles import Role
from judging.errors import N_, Conflict
from judging.services.judges.new_work import note_as_told
from judging.services.platform import Platform
from judging.services.score_log.day_letters import plan_day_letters
from judging.services.score_log.late_start import record_earlier_acts
from judging.services.score_log.opening import begin_log
from judging.services.score_log.publishing import BUNDLE_JOB

TOLD_ROLES = (
    Role.ADMINISTRATOR, Role.ORGANISER, Role.SECRETARY, Role.JUDGE, Role.CHAIR, Role.CONTESTANT, Role.GUARDIAN,
    Role.AUDITOR,
)  # fmt: skip
_GOES_ON = (Fate.ELIGIBLE, Fate.MENDED, Fate.LATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """An account of the demo with its password in clear: it is printed, and worth nothing elsewhere."""

    role: str
    email: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoContest:
    """A contest of the demo: how many entries it has and where it stands."""

    slug: str
    kind: str
    entries: int
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoYear:
    """What was made. `others_password` is that of every account that is not named; `rows` counts by table."""

    accounts: tuple[DemoAccount, ...]
    contests: tuple[DemoContest, ...]
    others_password: str
    rows: Mapping[str, int]


def create_demo(platform: Platform, *, size: Size, seed: int, stage: Stage | None = None, now: datetime) -> DemoYear:
    """Fill an empty installation whose tables are there. The same seed gives the same year.

    Without `stage` each contest stands where its plan says. `now` places the deadline of open contests, which must lie
    ahead. Raises Conflict when the installation holds anything already, ContestSuspended when a kind is not installed.
    """
    with platform.database.reading() as session:
        _require_empty(session)
    draw = Draw(f"judging-{size}-{stage or ''}-{seed}")
    rows = Rows(draw)
    world = World(
        draw=draw, rows=rows, office=make_office(rows, seed=seed), people=People(draw), blobs=Blobs(platform.files),
        registry=platform.registry, size=size, now=now,
    )  # fmt: skip
    made: list[tuple[Edition, list[Made]]] = []
    try:
        made = [_draft(world, plan, stage or plan.stage) for plan in CONTESTS]
    finally:
        world.blobs.close()
    for edition, entries in made:
        _play(edition, entries)
    with platform.database.writing() as session:
        _require_empty(session)
        rows.write(session)
        keep_texts(session)
        for edition, _ in made:
            _log(session, edition)
    return DemoYear(
        accounts=tuple(
            DemoAccount(role=role.value, email=world.office.accounts[role].email, password=world.office.passwords[role])
            for role in TOLD_ROLES
        ),
        contests=tuple(_told(edition) for edition, _ in made),
        others_password=world.office.others_password,
        rows={table: rows.count(table) for table in ("entry", "assignment", "sheet_version", "audit_event")},
    )


def holds_anything(session: Session) -> bool:
    """Whether the installation has an account already."""
    return session.scalar(select(Account.id).limit(1)) is not None


def _require_empty(session: Session) -> None:
    if holds_anything(session):
        raise Conflict(
            N_("This installation holds data already. Name another folder with --data, or add --reuse to serve it.")
        )


def _draft(world: World, plan: ContestPlan, stage: Stage) -> tuple[Edition, list[Made]]:
    edition = open_edition(world, plan, stage)
    made = make_entries(edition)
    if stage not in UNJUDGED:
        place_conflicts(edition, [one.entry for one in made if one.fate in _GOES_ON])
    return edition, made


def _play(edition: Edition, made: list[Made]) -> None:
    fill_files(edition.world.rows, made)
    take_in(edition, made)
    if edition.stage in UNJUDGED:
        return
    eligible = [entry for entry in edition.entries if entry.state == EntryState.ELIGIBLE.value]
    forbidden = find_conflicts(edition, eligible, edition.calendar.screened)
    if edition.stage is Stage.JUDGING:
        begin_round(edition, edition.rules.rounds[0], eligible, forbidden)
        return
    for judged in edition.rules.rounds:
        play_round(edition, judged, eligible, forbidden)
        eligible = [entry for entry in eligible if entry.state == EntryState.ADVANCED.value]
    publish(edition)


def _log(session: Session, edition: Edition) -> None:
    """Write the score log that the contest would have kept, each leaf with the time of its act."""
    contest = session.get_one(Contest, edition.contest.id)
    if contest.rules is None:
        return
    opened = contest.opens_at or contest.created_at
    log = begin_log(session, contest=contest, now=opened)
    record_earlier_acts(session, log, contest=contest, now=opened, as_dated=True)
    note_as_told(session, contest=contest)
    if edition.stage is Stage.JUDGING:
        plan_day_letters(session, contest, now=edition.world.now)
    if edition.stage is Stage.PUBLISHED:
        enqueue_job(session, name=BUNDLE_JOB, payload={"contest": contest.id}, now=edition.world.now)


def _told(edition: Edition) -> DemoContest:
    return DemoContest(
        slug=edition.contest.slug, kind=edition.contest.kind, entries=len(edition.entries), phase=edition.contest.phase
    )
