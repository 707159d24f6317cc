"""The screening desk: two persons, returns with a date, many at once, signed lists, own entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import (
    Account,
    AuditEvent,
    DossierHold,
    Entry,
    EntryMember,
    IntakeSettings,
    Job,
    ReturnTerm,
    Screening,
    ScreeningOpinion,
)
from judging.domain.permissions import Actor, Role
from judging.domain.structure import digest
from judging.errors import Conflict, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.contests.intake import change_intake
from judging.services.entries.life import submit_entry
from judging.services.screening.deciding import Verdict, screen_entry
from judging.services.screening.dossier_desk import hold_of, take_dossier, tick_key, tick_points, ticks_of
from judging.services.screening.eligible_lists import list_content, list_versions, sign_list
from judging.services.screening.many import BulkDecision, screen_bulk
from tests.factories import NOW, give_role, make_account, make_contest, make_entry
from tests.services.entries.test_entries import complete
from tests.services.office import Office, hold_contest


@dataclass
class Desk:
    """A contest in screening where two persons check, with an organiser and two secretaries."""

    held: Office
    first: Actor
    second: Actor
    session: Session
    registry: Registry

    def say(self, entry: Entry, verdict: Verdict, actor: Actor, reason: str = "Điều 4.") -> object:
        """What `actor` decides on the entry."""
        return screen_entry(
            self.session, registry=self.registry, contest=self.held.contest, entry=entry, verdict=verdict,
            reason=reason, actor=actor, now=NOW,
        )  # fmt: skip


@pytest.fixture
def desk(session: Session, registry: Registry) -> Desk:
    held = hold_contest(session, registry, phase="screening", state="submitted")
    session.add(IntakeSettings(contest_id=held.contest.id, two_persons=True, checklist=["Có dấu"], reasons=[]))
    session.flush()
    people = [make_account(session) for _each in range(2)]
    for person in people:
        give_role(session, held.contest, person, "secretary")
    first, second = (Actor(account_id=one.id, roles=frozenset({Role.SECRETARY})) for one in people)
    return Desk(held=held, first=first, second=second, session=session, registry=registry)


def _letters(session: Session) -> int:
    return session.query(Job).count()


def test_first_word_waits_and_tells_nobody(desk: Desk, session: Session) -> None:
    entry = desk.held.entries[0]

    word = desk.say(entry, Verdict.ELIGIBLE, desk.first)

    assert isinstance(word, ScreeningOpinion)
    assert (entry.state, _letters(session)) == ("submitted", 0)
    assert session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == entry.id)).all() == [
        "entry-opinion"
    ]


def test_second_person_confirms(desk: Desk, session: Session) -> None:
    entry = desk.held.entries[0]
    desk.say(entry, Verdict.ELIGIBLE, desk.first)

    done = desk.say(entry, Verdict.ELIGIBLE, desk.second)

    assert isinstance(done, Screening)
    assert (entry.state, _letters(session)) == ("eligible", 1)
    assert session.scalars(select(ScreeningOpinion.closed_at)).all() == [NOW]


def test_nobody_confirms_their_own_word(desk: Desk) -> None:
    entry = desk.held.entries[0]
    desk.say(entry, Verdict.ELIGIBLE, desk.first)

    with pytest.raises(Conflict):
        desk.say(entry, Verdict.ELIGIBLE, desk.first)
    assert entry.state == "submitted"


def test_organiser_settles_what_two_differ_about(desk: Desk, session: Session) -> None:
    entry = desk.held.entries[0]
    third = make_account(session)
    stranger = Actor(account_id=third.id, roles=frozenset({Role.SECRETARY}))
    desk.say(entry, Verdict.ELIGIBLE, desk.first)
    desk.say(entry, Verdict.REJECTED, desk.second)

    with pytest.raises(NotAllowed):
        desk.say(entry, Verdict.REJECTED, stranger)
    assert entry.state == "submitted"
    desk.say(entry, Verdict.REJECTED, desk.held.organiser)

    assert entry.state == "ineligible"


def test_return_needs_one_person_and_begins_the_check_anew(desk: Desk, session: Session) -> None:
    entry = desk.held.entries[0]
    desk.say(entry, Verdict.ELIGIBLE, desk.first)

    desk.say(entry, Verdict.RETURNED, desk.first)

    assert entry.state == "returned"
    assert session.scalars(select(ScreeningOpinion).where(ScreeningOpinion.closed_at.is_(None))).all() == []


def test_return_has_a_date_and_what_to_mend(session: Session, registry: Registry) -> None:
    contest = make_contest(session, registry, phase="screening")
    entry = complete(session, contest)
    entry.state = "submitted"
    desk = make_account(session)
    until = NOW + timedelta(days=7)
    screen_entry(
        session, registry=registry, contest=contest, entry=entry, verdict=Verdict.RETURNED, reason="– Thiếu ảnh.",
        actor=Actor(account_id=desk.id, roles=frozenset({Role.SECRETARY})), now=NOW, until=until,
        items=[{"where": "pictures", "text": "Thiếu ảnh."}],
    )  # fmt: skip
    session.flush()
    owner = Actor(account_id=entry.owner_id, roles=frozenset({Role.CONTESTANT}))

    term = session.query(ReturnTerm).one()
    assert (term.until, term.items) == (until, [{"where": "pictures", "text": "Thiếu ảnh."}])
    assert "until" in session.query(Job).one().payload["params"]
    with pytest.raises(Conflict):
        submit_entry(session, registry=registry, entry=entry, actor=owner, now=until + timedelta(milliseconds=1))
    assert not submit_entry(session, registry=registry, entry=entry, actor=owner, now=until).late
    assert entry.state == "submitted"


def test_return_until_a_moment_that_has_passed_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        screen_entry(
            desk.session, registry=desk.registry, contest=desk.held.contest, entry=desk.held.entries[0],
            verdict=Verdict.RETURNED, reason="Thiếu ảnh.", actor=desk.first, now=NOW, until=NOW,
        )  # fmt: skip

    assert [problem.where for problem in refused.value.problems] == ["until"]


def test_person_of_an_entry_never_screens_it(desk: Desk, session: Session) -> None:
    """Neither its owner nor a co-author who holds the office."""
    own = make_entry(session, desk.held.contest, state="submitted")
    account = session.get_one(Account, desk.first.account_id)
    session.add(EntryMember(entry_id=own.id, position=9, name="Mẫu", name_key="mẫu", email=account.email.upper()))
    session.flush()

    with pytest.raises(NotAllowed):
        desk.say(own, Verdict.ELIGIBLE, desk.first)
    assert own.state == "submitted"


def test_many_at_once_are_decided_once_and_skipped_ones_named(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, phase="screening", state="submitted")
    own = make_entry(session, held.contest, owner=held.desk, state="submitted")
    elsewhere = make_entry(session, make_contest(session, registry, phase="screening"), state="submitted")
    held.entries[2].state = "returned"
    session.flush()
    ids = [entry.id for entry in (*held.entries, own, elsewhere)]

    plans = [
        screen_bulk(
            session, registry=registry, contest=held.contest, entry_ids=ids,
            decision=BulkDecision(verdict=Verdict.ELIGIBLE), actor=held.organiser, now=NOW,
        )
        for _again in range(2)
    ]  # fmt: skip

    assert [one.id for one in plans[0].taken] == [entry.id for entry in held.entries[:2]]
    assert {one.entry.id for one in plans[0].skipped} == {held.entries[2].id, own.id}
    assert plans[1].taken == ()
    assert (elsewhere.state, own.state) == ("submitted", "submitted")
    assert _letters(session) == 2


def test_signed_list_is_bound_to_what_was_looked_at(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, phase="screening", state="eligible")
    seen = digest(list_content(session, contest=held.contest))

    signed = sign_list(session, contest=held.contest, sha256=seen, actor=held.organiser, now=NOW)
    again = sign_list(session, contest=held.contest, sha256=seen, actor=held.organiser, now=NOW)

    assert (signed.version, again.id) == (1, signed.id)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "eligible-list-signed")).one()
    assert event.details["sha256"] == seen
    held.entries[0].state = "ineligible"
    session.flush()
    with pytest.raises(Conflict):
        sign_list(session, contest=held.contest, sha256=seen, actor=held.organiser, now=NOW)
    changed = digest(list_content(session, contest=held.contest))
    sign_list(session, contest=held.contest, sha256=changed, actor=held.organiser, now=NOW)
    assert [(one.version, len(one.content["entries"])) for one in list_versions(session, contest=held.contest)] == [
        (2, 2), (1, 3),
    ]  # fmt: skip


def test_hold_ends_by_itself_and_with_the_decision(desk: Desk, session: Session) -> None:
    entry = desk.held.entries[0]
    take_dossier(session, entry=entry, actor=desk.first, now=NOW)

    held = hold_of(session, entry=entry, now=NOW)
    assert held is not None
    assert held.by_id == desk.first.account_id
    assert hold_of(session, entry=entry, now=NOW + timedelta(minutes=15)) is None
    desk.say(entry, Verdict.ELIGIBLE, desk.second)
    assert session.query(DossierHold).count() == 0


def test_tick_keeps_who_made_it(desk: Desk, session: Session) -> None:
    entry, key = desk.held.entries[0], tick_key("Có dấu")
    for actor in (desk.first, desk.second):
        tick_points(session, entry=entry, points=["Có dấu"], ticked=[key, "0"], actor=actor, now=NOW)

    assert {one: tick.by_id for one, tick in ticks_of(session, entry=entry).items()} == {key: desk.first.account_id}
    tick_points(session, entry=entry, points=["Có dấu"], ticked=[], actor=desk.second, now=NOW)
    assert ticks_of(session, entry=entry) == {}


def test_grace_can_only_grow_once_the_contest_has_opened(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, phase="open", state="draft")

    def set_grace(minutes: int) -> None:
        change_intake(
            session, contest=held.contest, actor=held.organiser, grace_minutes=minutes, two_persons=False,
            return_days=7, checklist=[" Có  dấu ", ""], reasons=[], now=NOW,
        )  # fmt: skip

    set_grace(15)
    with pytest.raises(Refused) as refused:
        set_grace(10)
    assert [problem.where for problem in refused.value.problems] == ["grace_minutes"]
    assert session.get_one(IntakeSettings, held.contest.id).checklist == ["Có dấu"]
