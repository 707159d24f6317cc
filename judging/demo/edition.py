"""A contest of the demo while it is being made: its row, its rules, its rounds, panels and judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial

from judging.db.models import ChairVote, Contest, ContestRound, Entry, Judge, Panel, PanelSeat, Prize
from judging.demo.blobs import Blobs
from judging.demo.draw import Draw
from judging.demo.office import Office
from judging.demo.people import People
from judging.demo.plan import JUDGES_PER_ENTRY, LOCAL, PHASES, UNJUDGED, Calendar, ContestPlan, PanelPlan, Size, Stage
from judging.demo.rows import Rows
from judging.domain.aliases import JUDGE_PREFIX
from judging.domain.contest_phases import MAIN_LINE, ContestPhase
from judging.domain.roles import Role
from judging.domain.rules import ContestRules
from judging.domain.values import Ballot
from judging.plugins import Registry
from judging.services.contests.editions import contest_rules, pin_rules

OPEN_DAYS = 21
_LOAD = 45
"""Readings that the demo gives a judge, of the 60 that one takes."""


@dataclass(slots=True, kw_only=True)
class World:
    """What all contests of one demo share."""

    draw: Draw
    rows: Rows
    office: Office
    people: People
    blobs: Blobs
    registry: Registry
    size: Size
    now: datetime


@dataclass(slots=True, kw_only=True)
class Seat:
    """A judge with a name, the panel, and how the judge marks: severity and noise as shares of a scale."""

    judge: Judge
    name: str
    panel: Panel
    severity: float
    noise: float
    absent: bool = False


@dataclass(slots=True, kw_only=True)
class Edition:
    """One contest with everything that was made of it so far."""

    world: World
    plan: ContestPlan
    stage: Stage
    calendar: Calendar
    contest: Contest
    rules: ContestRules
    rounds: Mapping[str, ContestRound]
    panels: list[Panel]
    seats: list[Seat]
    entries: list[Entry] = field(default_factory=list)
    quality: dict[str, float] = field(default_factory=dict)
    owned: set[str] = field(default_factory=set)
    ballots: dict[str, list[Ballot]] = field(default_factory=dict)
    votes: dict[str, list[ChairVote]] = field(default_factory=dict)
    prizes: list[Prize] = field(default_factory=list)

    def by_alias(self) -> dict[str, Entry]:
        """The entries by alias."""
        return {entry.alias: entry for entry in self.entries}

    def panel_of(self, category: str) -> Panel:
        """The panel that scores a category."""
        return next(panel for panel in self.panels if category in panel.categories)


def open_edition(world: World, plan: ContestPlan, stage: Stage) -> Edition:
    """Make the contest with its rules pinned, its rounds, its panels and judges. Raises ContestSuspended."""
    calendar = _calendar(world, plan, stage)
    contest = world.rows.add(_contest(world, plan, stage, calendar))
    pin_rules(world.registry, contest)
    rules = contest_rules(world.registry, contest)
    rounds = {
        judged.key: world.rows.add(_round(contest.id, position, judged.key))
        for position, judged in enumerate(rules.rounds)
    }
    edition = Edition(
        world=world, plan=plan, stage=stage, calendar=calendar, contest=contest, rules=rules, rounds=rounds, panels=[],
        seats=[],
    )  # fmt: skip
    for position, panel in enumerate(plan.panels):
        _seat_panel(edition, position, panel)
    _record_phases(edition)
    return edition


def _calendar(world: World, plan: ContestPlan, stage: Stage) -> Calendar:
    if stage is not Stage.OPEN:
        return plan.calendar
    # Whoever looks at the demo can still enter, so the deadline of an open contest lies ahead of the real day.
    last_day = (world.now.astimezone(LOCAL) + timedelta(days=OPEN_DAYS)).date()
    return replace(plan.calendar, closes=datetime.combine(last_day, time(17), LOCAL).astimezone(UTC))


def _contest(world: World, plan: ContestPlan, stage: Stage, calendar: Calendar) -> Contest:
    over, judged = stage is Stage.PUBLISHED, stage not in UNJUDGED
    each = JUDGES_PER_ENTRY[world.size]
    settings = (
        {}
        if each is None
        else {f"round-{one.key}": {"judges_per_entry": each} for one in world.registry.rules(plan.kind).rounds}
    )
    return Contest(
        organisation_id=world.office.organisation.id, slug=plan.slug, kind=plan.kind, title=plan.title,
        title_en=plan.title_en, summary=plan.summary, summary_en=plan.summary_en, year=2021, edition=plan.edition,
        zone="Asia/Ho_Chi_Minh", phase=PHASES[stage].value, resume_phase=None, settings=settings,
        opens_at=calendar.opens, closes_at=calendar.closes,
        judging_starts_at=calendar.rounds[0][0] if judged else None,
        # Without an end the judges of the demo are never too late.
        judging_ends_at=calendar.rounds[-1][1] if over else None,
        publishes_at=calendar.published if over else None, published_at=calendar.published if over else None,
        decision=plan.decision if over else "", version=1, created_at=calendar.created,
    )  # fmt: skip


def _round(contest_id: str, position: int, key: str) -> ContestRound:
    return ContestRound(
        contest_id=contest_id, key=key, position=position, state="pending", starts_at=None, ends_at=None,
        opened_at=None, closed_at=None,
    )  # fmt: skip


def _seat_panel(edition: Edition, position: int, plan: PanelPlan) -> None:
    world, contest = edition.world, edition.contest
    panel = world.rows.add(
        Panel(contest_id=contest.id, position=position, name=plan.name, categories=list(plan.categories))
    )
    edition.panels.append(panel)
    # The demo's own judge sits in the last panel with a judge to spare, its chair in the first.
    spare = [index for index, one in enumerate(edition.plan.panels) if one.judges > 3]
    for place in range(_judges_needed(edition, plan)):
        role = None
        if place == 0 and position == spare[0]:
            role = Role.CHAIR
        elif place == 1 and position == spare[-1]:
            role = Role.JUDGE
        _seat(edition, panel, role, is_chair=place == 0)


def _judges_needed(edition: Edition, plan: PanelPlan) -> int:
    counts = edition.plan.counts(edition.world.size)
    readings = sum(counts[key] for key in plan.categories) * max(one.judges_per_entry for one in edition.rules.rounds)
    return max(plan.judges, -(-readings // _LOAD) + 1 if edition.world.size is not Size.PROVINCE else 0)


def _seat(edition: Edition, panel: Panel, role: Role | None, *, is_chair: bool) -> None:
    world, draw = edition.world, edition.world.draw
    new_account = partial(world.office.new_account, world.rows)
    account = world.office.accounts[role] if role else new_account(world.people.name(), "giamkhao")
    judge = world.rows.add(
        Judge(
            contest_id=edition.contest.id,
            account_id=account.id,
            alias=draw.alias(JUDGE_PREFIX),
            unit=world.people.judge_unit(),
            capacity=60,
            is_active=True,
            conflicts_declared_at=None,
            created_at=edition.calendar.announced,
        )
    )
    world.rows.add(PanelSeat(panel_id=panel.id, judge_id=judge.id, is_chair=is_chair))
    severity, noise = draw.random.gauss(0, 0.035), draw.random.uniform(0.012, 0.04)
    edition.seats.append(Seat(judge=judge, name=account.name, panel=panel, severity=severity, noise=noise))


def _record_phases(edition: Edition) -> None:
    """Write down every step from the making of the contest to where it stands, at its moment."""
    calendar, rows, contest = edition.calendar, edition.world.rows, edition.contest
    organiser = edition.world.office.id_of(Role.ORGANISER)
    committee = edition.world.office.id_of(Role.COMMITTEE)
    rows.event(
        calendar.created, "contest-created", "contest", contest.id, actor_id=organiser, contest_id=contest.id,
        kind=contest.kind, slug=contest.slug, year=contest.year,
    )  # fmt: skip
    moments = (
        calendar.created, calendar.announced, calendar.opens, calendar.closes, calendar.closes + timedelta(minutes=1),
        calendar.rounds[0][0], calendar.deliberated, calendar.approved, calendar.posted, calendar.decided,
        calendar.published,
    )  # fmt: skip
    reached = MAIN_LINE.index(ContestPhase(contest.phase))
    signed = {ContestPhase.APPROVED, ContestPhase.DECIDED}
    for place in range(1, reached + 1):
        rows.event(
            moments[place], "phase-changed", "contest", contest.id, contest_id=contest.id,
            actor_id=committee if MAIN_LINE[place] in signed else organiser,
            **{"from": MAIN_LINE[place - 1].value, "to": MAIN_LINE[place].value, "passed": False},
        )  # fmt: skip
