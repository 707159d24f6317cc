from __future__ import annotations

import hashlib
import json

import pytest
from sqlalchemy.orm import Session

from judging.db.models import AuditEvent, Entry, Prize
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.results.prizes import grant_prize, plan_prizes, settle_prizes, take_prize_back
from judging.services.results.publication import Published, find_obstacles, publish_results, withdraw_publication
from judging.services.rounds.running import record_chair_vote
from tests.factories import NOW, make_assignment, make_entry
from tests.services.office import FINAL, Office, finish_rounds, hold_contest, set_round

SHARES = ("0.9", "0.85", "0.8", "0.75", "0.5")


@pytest.fixture
def held(session: Session, registry: Registry) -> Office:
    made = hold_contest(session, registry, entries=5)
    finish_rounds(session, made, SHARES)
    return made


def _settle(session: Session, registry: Registry, held: Office, actor: Actor | None = None) -> int:
    return settle_prizes(session, registry=registry, contest=held.contest, actor=actor or held.organiser, now=NOW)


def _publish(session: Session, registry: Registry, held: Office, decision: str = "1840/QĐ-UBND") -> Published:
    return publish_results(
        session, registry=registry, contest=held.contest, decision=decision, actor=held.organiser, now=NOW
    )


def _levels(session: Session) -> dict[int, str]:
    return {prize.entry.number: prize.level for prize in session.query(Prize)}


def test_settled_prizes_follow_ranks_and_gates(session: Session, registry: Registry, held: Office) -> None:
    # 1 first, 2 second, 3 third prizes; at least 66 points for any prize.
    assert _settle(session, registry, held) == 4
    assert _levels(session) == {1: "first", 2: "second", 3: "second", 4: "third"}


def test_prizes_of_an_open_round_are_refused(session: Session, registry: Registry, held: Office) -> None:
    set_round(session, held, FINAL, "open")

    with pytest.raises(Conflict):
        _settle(session, registry, held)


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.COMMITTEE, Role.AUDITOR])
def test_prizes_are_settled_by_the_organiser(session: Session, registry: Registry, held: Office, role: Role) -> None:
    with pytest.raises(NotAllowed):
        _settle(session, registry, held, Actor(account_id=held.desk.id, roles=frozenset({role})))


def test_tie_at_a_level_waits_for_the_vote(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, entries=2)
    finish_rounds(session, held, ("0.9", "0.9"))

    with pytest.raises(Refused):
        _settle(session, registry, held)
    assert _levels(session) == {}
    record_chair_vote(
        session, registry=registry, contest=held.contest, round_key=FINAL,
        order=[held.entries[1].alias, held.entries[0].alias], reason="5 to 2", actor=held.organiser, now=NOW,
    )  # fmt: skip
    _settle(session, registry, held)

    assert _levels(session) == {2: "first", 1: "second"}


def test_settling_again_replaces_ranked_prizes_and_keeps_side_prizes(
    session: Session, registry: Registry, held: Office
) -> None:
    _settle(session, registry, held)
    _grant(session, registry, held, held.entries[4], "most-active", "")
    first = {prize.id for prize in session.query(Prize).filter(Prize.level == "most-active")}

    _settle(session, registry, held)

    assert session.query(Prize).count() == 5
    assert {prize.id for prize in session.query(Prize).filter(Prize.level == "most-active")} == first


def _grant(
    session: Session,
    registry: Registry,
    held: Office,
    entry: Entry,
    level: str,
    board: str,
    reason: str = "The council voted 7 to 0.",
) -> Prize:
    return grant_prize(
        session, registry=registry, contest=held.contest, entry=entry, level=level, board=board, reason=reason,
        actor=held.organiser, now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "level", "reason"),
    [
        (4, "first", "A vote"),
        (3, "third", "A vote"),
        (4, "third", "A vote"),
        (4, "no-such", "A vote"),
        (4, "most-active", ""),
    ],
)
def test_grant_against_the_rules_is_refused(
    session: Session, registry: Registry, held: Office, number: int, level: str, reason: str
) -> None:
    # Entry 5 (index 4) is below the gate of 66; entry 4 (index 3) has a prize; there is one first prize.
    _settle(session, registry, held)

    with pytest.raises(Refused):
        _grant(session, registry, held, held.entries[number], level, "", reason)
    assert session.query(Prize).count() == 4


def test_council_moves_an_entry_by_taking_back_and_granting(session: Session, registry: Registry, held: Office) -> None:
    _settle(session, registry, held)
    first = session.query(Prize).filter_by(level="first").one()

    take_prize_back(
        session,
        registry=registry,
        contest=held.contest,
        prize=first,
        reason="Known before",
        actor=held.organiser,
        now=NOW,
    )
    _grant(session, registry, held, held.entries[0], "consolation", "")

    assert _levels(session)[1] == "consolation"
    assert next(one.entry for one in plan_prizes(session, registry=registry, contest=held.contest).plan.grants) == (
        held.entries[0].alias
    )


def test_publication_keeps_ranking_and_settles_entries(session: Session, registry: Registry, held: Office) -> None:
    _settle(session, registry, held)

    published = _publish(session, registry, held).publication

    text = json.dumps(published.ranking, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert published.sha256 == hashlib.sha256(text).hexdigest()
    last = published.ranking["rounds"][-1]
    assert (last["key"], [one["entry"] for one in last["standings"]]) == (FINAL, [one.alias for one in held.entries])
    assert last["standings"][0]["score"] == "90.000000"
    assert held.contest.phase == "published"
    assert held.contest.decision == "1840/QĐ-UBND"
    states = [session.get_one(Entry, one.id).state for one in held.entries]
    assert states == ["awarded"] * 4 + ["not-awarded"]


def test_publication_passes_each_step_on_record(session: Session, registry: Registry, held: Office) -> None:
    _settle(session, registry, held)

    _publish(session, registry, held)

    steps = session.query(AuditEvent).filter_by(action="phase-changed").order_by(AuditEvent.id)
    assert [(one.details["to"], one.details["passed"]) for one in steps] == [
        ("deliberation", True), ("approved", True), ("posted", True), ("decided", True), ("published", False),
    ]  # fmt: skip


def test_publication_needs_every_reading(session: Session, registry: Registry, held: Office) -> None:
    _settle(session, registry, held)
    make_entry(session, held.contest, state="eligible", number=77)
    waits = make_entry(session, held.contest, state="in-round", round=FINAL, number=78)
    make_assignment(session, waits, held.judges[0], round_key=FINAL)

    with pytest.raises(Refused) as refused:
        _publish(session, registry, held)

    assert [problem.params["entries"] for problem in refused.value.problems] == ["ST-077", "ST-078"]
    assert held.contest.phase == "judging"


def test_publication_needs_settled_prizes_and_a_decision(session: Session, registry: Registry, held: Office) -> None:
    assert [one.code for one in find_obstacles(session, registry=registry, contest=held.contest)] == ["unsettled"]
    _settle(session, registry, held)
    with pytest.raises(Refused) as refused:
        _publish(session, registry, held, decision=" ")
    assert [problem.where for problem in refused.value.problems] == ["decision"]


def test_withdrawn_results_can_be_corrected_and_published_anew(
    session: Session, registry: Registry, held: Office
) -> None:
    _settle(session, registry, held)
    _publish(session, registry, held)
    with pytest.raises(Refused):
        withdraw_publication(session, contest=held.contest, reason="", actor=held.organiser, now=NOW)

    withdraw_publication(session, contest=held.contest, reason="A sheet was misread", actor=held.organiser, now=NOW)
    prize = session.query(Prize).filter_by(level="third").one()
    take_prize_back(
        session, registry=registry, contest=held.contest, prize=prize, reason="Misread", actor=held.organiser, now=NOW
    )
    _publish(session, registry, held)

    assert session.get_one(Entry, held.entries[3].id).state == "not-awarded"
    with pytest.raises(Conflict):
        _publish(session, registry, held)
