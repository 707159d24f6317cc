"""Judges led from booth to booth: one at a time, none twice, and nobody loses what they wrote."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import Assignment, AuditEvent, Booth, BoothLease
from judging.domain.conflicts import ConflictKind
from judging.domain.leases import Done, LeaseEnd, Wait
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, NotFound, Refused
from judging.services.judges.conflicts.office import set_conflict
from judging.services.judges.leases.setting import lease_minutes, name_booths, set_lease_minutes
from judging.services.judges.leases.taking import AllTaken, give_free, look_ahead, take_next
from judging.services.judges.leases.watching import floor_now, release_booth
from judging.services.rounds.states import list_rounds
from judging.services.sheets.life import save_draft, submit_sheet
from judging.services.sheets.setting_aside import set_aside
from tests import factories
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, Case, add_colleague, make_case, office

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.plugins import Registry

ROUND = "preliminary"
NOW = factories.NOW


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


class Floor:
    """A round with two judges and as many entries as asked for; both judges read all of them."""

    def __init__(self, session: Session, registry: Registry, *, entries: int, minutes: int = 15) -> None:
        self.session, self.registry = session, registry
        self.first = make_case(session, registry)
        self.second = add_colleague(session, self.first)
        for position in range(2, entries + 1):
            entry = factories.make_entry(session, self.first.contest)
            for one in (self.first, self.second):
                factories.make_assignment(session, entry, one.judge, round_key=ROUND, position=position)
        self.office = office(session, self.first)
        set_lease_minutes(
            session, contest=self.first.contest, round_key=ROUND, minutes=minutes, actor=self.office, now=NOW
        )

    def take(self, who: Case, *, after: float = 0) -> BoothLease:
        return take_next(
            self.session, registry=self.registry, contest=who.contest, round_key=ROUND, judge=who.judge,
            actor=who.actor, now=at(after),
        )  # fmt: skip

    def standing(self, after: float) -> list[str]:
        found = floor_now(self.session, contest=self.first.contest, round_key=ROUND, now=at(after))
        return [one.lease.entry_id for one in found.standing]

    def entries(self) -> list[str]:
        rows = self.session.scalars(
            select(Assignment.entry_id).where(Assignment.judge_id == self.first.judge.id).order_by(Assignment.position)
        )
        return list(rows)

    def save(self, who: Case, lease: BoothLease, *, after: float, submit: bool = False) -> None:
        saved = save_draft(
            self.session, registry=self.registry, assignment=lease.assignment, actor=who.actor,
            marks=WHOLE if submit else {"novelty": str(int(after) % 20 + 1)}, bands={}, comments=COMMENTS,
            comment=COMMENT, locale="en", now=at(after),
        )  # fmt: skip
        if submit:
            submit_sheet(
                self.session, registry=self.registry, assignment=lease.assignment, actor=who.actor, now=at(after),
                saved=saved,
            )  # fmt: skip
        self.session.flush()
        self.session.expire_all()

    def skip(self, who: Case, lease: BoothLease, *, after: float) -> None:
        set_aside(
            self.session, registry=self.registry, assignment=lease.assignment, actor=who.actor, kind="model-missing",
            words="", now=at(after),
        )  # fmt: skip


@pytest.fixture
def floor(session: Session, registry: Registry) -> Floor:
    return Floor(session, registry, entries=3)


def actions(session: Session) -> list[str]:
    return [one for one in session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)) if "booth" in one]


def test_take_next_keeps_the_booth_for_the_minutes_of_the_round_and_asking_again_gives_the_same(floor: Floor) -> None:
    lease = floor.take(floor.first)

    assert (lease.entry_id, lease.until, lease.assignment_id) == (
        floor.entries()[0], at(15), floor.first.assignment.id,
    )  # fmt: skip
    assert floor.take(floor.first, after=5).id == lease.id
    assert actions(floor.session) == ["booth-taken"]


def test_take_next_leads_the_second_judge_elsewhere_and_the_third_time_makes_wait(floor: Floor) -> None:
    third = add_colleague(floor.session, floor.first)

    entries = floor.entries()
    assert [floor.take(one).entry_id for one in (floor.first, floor.second)] == entries[:2]
    # The third judge reads the first entry alone.
    with pytest.raises(AllTaken) as refused:
        floor.take(third, after=3)
    assert refused.value.free_at == at(15)


def test_take_next_prefers_the_booth_with_fewest_visits(floor: Floor) -> None:
    lease = floor.take(floor.first)
    floor.save(floor.first, lease, after=5, submit=True)

    # By its own order the second judge would begin where the first has just been.
    assert floor.take(floor.second, after=6).entry_id == floor.entries()[1]
    assert floor.take(floor.first, after=7).entry_id == floor.entries()[2]


def test_expired_lease_frees_the_booth_and_keeps_the_judges_sheet(floor: Floor) -> None:
    lease = floor.take(floor.first)
    floor.save(floor.first, lease, after=1)
    until = lease.until
    assert until == at(16)

    assert floor.standing(16) == []
    # What was visited comes last for the other judge, but it is free.
    taken = []
    for minute in (16, 20, 24):
        other = floor.take(floor.second, after=minute)
        taken.append(other.entry_id)
        floor.save(floor.second, other, after=minute + 1, submit=True)
    assert taken == [*floor.entries()[1:], floor.entries()[0]]
    kept = floor.session.get_one(Assignment, floor.first.assignment.id)
    assert (kept.state, kept.marks["novelty"]) == ("draft", "2")
    floor.save(floor.first, lease, after=30, submit=True)
    assert kept.state == "submitted"


def test_saves_prolong_a_lease_at_most_once_a_minute_and_never_an_expired_one(floor: Floor) -> None:
    lease = floor.take(floor.first)

    floor.save(floor.first, lease, after=0.5)
    assert lease.until == at(15)
    floor.save(floor.first, lease, after=10)
    assert lease.until == at(25)
    floor.save(floor.first, lease, after=25)
    assert lease.until == at(25)


@pytest.mark.parametrize("way", ["submitted", "aside", "given-free", "released", "off"])
def test_lease_ends_with_every_way_to_leave_the_booth(floor: Floor, way: str) -> None:
    lease = floor.take(floor.first)
    if way == "submitted":
        floor.save(floor.first, lease, after=2, submit=True)
    elif way == "aside":
        floor.skip(floor.first, lease, after=2)
    elif way == "given-free":
        assert give_free(
            floor.session, registry=floor.registry, assignment=lease.assignment, actor=floor.first.actor, now=at(2)
        )
    elif way == "released":
        release_booth(floor.session, assignment=lease.assignment, actor=floor.office, now=at(2))
    else:
        lease.assignment.state = "reassigned"
        floor.session.flush()

    assert floor.standing(3) == []
    assert floor.take(floor.first, after=3).entry_id == floor.entries()[1]
    assert lease.state == way
    # A third judge of the first entry can be led there.
    third = add_colleague(floor.session, floor.first)
    assert floor.take(third, after=4).entry_id == floor.entries()[0]


def test_skipped_entry_comes_back_only_when_nothing_else_is_free(session: Session, registry: Registry) -> None:
    floor = Floor(session, registry, entries=2)
    entries = floor.entries()
    floor.skip(floor.first, floor.take(floor.first), after=1)

    second = floor.take(floor.first, after=2)
    assert second.entry_id == entries[1]
    floor.save(floor.first, second, after=3, submit=True)
    # Nothing else is left: the entry comes back, still set aside.
    assert floor.take(floor.first, after=4).entry_id == entries[0]


def test_judge_without_open_readings_is_told_so(session: Session, registry: Registry) -> None:
    floor = Floor(session, registry, entries=1)
    floor.save(floor.first, floor.take(floor.first), after=1, submit=True)

    assert look_ahead(session, judge=floor.first.judge, round_key=ROUND, now=at(2)).step == Done()
    with pytest.raises(Conflict, match="No entry is left to you"):
        floor.take(floor.first, after=2)


def test_judge_who_has_not_declared_conflicts_is_led_nowhere(floor: Floor) -> None:
    floor.first.judge.conflicts_declared_at = None
    floor.session.flush()

    with pytest.raises(Conflict, match="conflict of interest"):
        floor.take(floor.first)


def test_judge_is_never_led_to_an_entry_that_a_conflict_keeps_them_from(floor: Floor) -> None:
    entry = floor.first.entry
    lease = floor.take(floor.first)
    assert lease.entry_id == entry.id
    set_conflict(
        floor.session, judge=floor.first.judge, entry=entry, kind=ConflictKind.TEACHER, reason="Dạy tác giả",
        actor=floor.office, now=at(1),
    )  # fmt: skip

    assert floor.take(floor.first, after=2).entry_id == floor.entries()[1]
    with pytest.raises(NotFound):
        give_free(
            floor.session, registry=floor.registry, assignment=floor.first.assignment, actor=floor.first.actor, now=NOW
        )


@pytest.mark.parametrize("closed", ["round", "phase", "setting"])
def test_nobody_is_led_where_the_round_is_not_open_or_has_no_leases(floor: Floor, closed: str) -> None:
    if closed == "round":
        list_rounds(floor.session, contest=floor.first.contest)[0].state = "closed"
    elif closed == "phase":
        floor.first.contest.phase = "deliberation"
    else:
        set_lease_minutes(
            floor.session, contest=floor.first.contest, round_key=ROUND, minutes=0, actor=floor.office, now=NOW
        )
    floor.session.flush()

    with pytest.raises(Conflict):
        floor.take(floor.first)


def test_office_sees_who_stands_where_and_which_booths_wait(floor: Floor) -> None:
    first = floor.take(floor.first)
    floor.save(floor.first, first, after=5, submit=True)
    second = floor.take(floor.second, after=6)
    name_booths(
        floor.session, contest=floor.first.contest, round_key=ROUND, names={second.entry_id: "  Hall B,  14 "},
        actor=floor.office, now=NOW,
    )  # fmt: skip

    found = floor_now(floor.session, contest=floor.first.contest, round_key=ROUND, now=at(7))

    assert [(one.lease.judge_id, one.lease.until, one.booth) for one in found.standing] == [
        (floor.second.judge.id, at(21), "Hall B, 14"),
    ]  # fmt: skip
    entries = floor.entries()
    assert [(one.entry.id, one.left, one.visits, one.since) for one in found.waiting] == [
        (entries[2], 2, 0, None), (entries[0], 1, 1, at(5)),
    ]  # fmt: skip


def test_release_booth_is_for_the_office_alone(floor: Floor) -> None:
    lease = floor.take(floor.first)
    committee = office(floor.session, floor.first, Role.COMMITTEE)
    sitting = Actor(account_id=floor.second.judge.account_id, roles=frozenset({Role.ORGANISER}))

    for actor in (committee, sitting, floor.second.actor):
        with pytest.raises(NotAllowed):
            release_booth(floor.session, assignment=lease.assignment, actor=actor, now=at(1))
    release_booth(floor.session, assignment=lease.assignment, actor=floor.office, now=at(1))
    with pytest.raises(Conflict, match="any more"):
        release_booth(floor.session, assignment=lease.assignment, actor=floor.office, now=at(1))
    assert (lease.state, actions(floor.session)) == (LeaseEnd.RELEASED, ["booth-taken", "booth-released"])


def test_give_free_is_for_ones_own_booth(floor: Floor) -> None:
    lease = floor.take(floor.first)

    with pytest.raises(NotFound):
        give_free(
            floor.session, registry=floor.registry, assignment=lease.assignment, actor=floor.second.actor, now=at(1)
        )
    for expected in (True, False):
        assert (
            give_free(
                floor.session, registry=floor.registry, assignment=lease.assignment, actor=floor.first.actor, now=at(1)
            )
            is expected
        )


def test_setting_is_bounded_and_for_whoever_arranges_rounds(floor: Floor) -> None:
    contest = floor.first.contest
    with pytest.raises(Refused):
        set_lease_minutes(floor.session, contest=contest, round_key=ROUND, minutes=241, actor=floor.office, now=NOW)
    with pytest.raises(NotAllowed):
        set_lease_minutes(
            floor.session, contest=contest, round_key=ROUND, minutes=5, actor=floor.first.actor, now=NOW
        )  # fmt: skip
    assert lease_minutes(floor.session, contest=contest, round_key=ROUND) == 15
    assert lease_minutes(floor.session, contest=contest, round_key="final") == 0


def test_name_booths_takes_names_back_and_refuses_what_is_not_in_the_round(floor: Floor) -> None:
    contest, entry_id = floor.first.contest, floor.first.entry.id
    elsewhere = factories.make_entry(floor.session, contest)

    def name(names: dict[str, str]) -> int:
        return name_booths(
            floor.session, contest=contest, round_key=ROUND, names=names, actor=floor.office, now=NOW
        )  # fmt: skip

    assert [name({entry_id: "A1"}), name({entry_id: "A1"}), name({entry_id: "A2"})] == [1, 0, 1]
    for wrong in ({elsewhere.id: "A3"}, {entry_id: "x" * 81}):
        with pytest.raises(Refused):
            name(wrong)
    assert name({entry_id: " "}) == 1
    assert floor.session.scalars(select(Booth)).all() == []


def test_all_taken_says_when_the_first_is_free(session: Session, registry: Registry) -> None:
    floor = Floor(session, registry, entries=1)
    floor.take(floor.first, after=1)

    assert look_ahead(session, judge=floor.second.judge, round_key=ROUND, now=at(2)).step == Wait(free_at=at(16))
