from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from judging.db.models import AuditEvent, ChairVote, ContestRound
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.results.standings import round_standings
from judging.services.rounds.running import (
    advance_round,
    close_round,
    open_round,
    record_chair_vote,
    reopen_round,
    start_round,
)
from tests.factories import NOW, make_assignment
from tests.services.office import FINAL, PRELIMINARY, Office, hold_contest, score_entry, set_round


def _close(session: Session, registry: Registry, held: Office, actor: Actor | None = None) -> ContestRound:
    return close_round(
        session, registry=registry, contest=held.contest, round_key=PRELIMINARY, actor=actor or held.organiser, now=NOW
    )


def test_open_round_takes_in_entries_that_have_judges(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, state="eligible")
    set_round(session, held, PRELIMINARY, "pending")
    make_assignment(session, held.entries[0], held.judges[0], round_key=PRELIMINARY)

    open_round(session, registry=registry, contest=held.contest, round_key=PRELIMINARY, actor_id=None, now=NOW)

    assert [(one.state, one.round) for one in held.entries] == [
        ("in-round", PRELIMINARY),
        ("eligible", None),
        ("eligible", None),
    ]


def test_open_round_while_the_one_before_runs_is_refused(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry)

    with pytest.raises(Conflict):
        start_round(session, registry=registry, contest=held.contest, round_key=FINAL, actor=held.organiser, now=NOW)


def test_close_round_names_the_entries_that_are_not_locked(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, shares=("0.8", "0.7"))

    with pytest.raises(Conflict) as refused:
        _close(session, registry, held)

    assert refused.value.params["entries"] == "ST-003"


def test_close_round_with_every_entry_locked(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, shares=("0.8", "0.7", "0.5"))

    assert _close(session, registry, held).state == "closed"
    assert session.query(AuditEvent).filter_by(action="round-closed").count() == 1


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.AUDITOR, Role.COMMITTEE, Role.JUDGE])
def test_close_round_is_the_organisers(session: Session, registry: Registry, role: Role) -> None:
    held = hold_contest(session, registry, shares=("0.8", "0.7", "0.5"))
    other = Actor(account_id=held.desk.id, roles=frozenset({role}))

    with pytest.raises(NotAllowed):
        _close(session, registry, held, other)


def test_advance_sends_on_who_passes_the_gate(session: Session, registry: Registry) -> None:
    # The gate to the final of the youth contest is 60 points.
    held = hold_contest(session, registry, shares=("0.8", "0.6", "0.5"))
    _close(session, registry, held)

    outcome = advance_round(
        session, registry=registry, contest=held.contest, round_key=PRELIMINARY, actor=held.organiser, now=NOW
    )

    assert (outcome.advanced, outcome.eliminated) == (2, 1)
    assert [one.state for one in held.entries] == ["advanced", "advanced", "eliminated"]


def test_advance_of_an_open_round_is_refused(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, shares=("0.8", "0.6", "0.5"))

    with pytest.raises(Conflict):
        advance_round(
            session, registry=registry, contest=held.contest, round_key=PRELIMINARY, actor=held.organiser, now=NOW
        )


def test_reopen_round_needs_a_reason(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, shares=("0.8", "0.7", "0.5"))
    _close(session, registry, held)

    with pytest.raises(Refused):
        reopen_round(session, contest=held.contest, round_key=PRELIMINARY, actor=held.organiser, reason=" ", now=NOW)


def _vote(
    session: Session, registry: Registry, held: Office, order: list[str], reason: str = "Nine to two in the panel."
) -> None:
    record_chair_vote(
        session, registry=registry, contest=held.contest, round_key=PRELIMINARY, order=order, reason=reason,
        actor=held.organiser, now=NOW,
    )  # fmt: skip


def test_chair_vote_parts_a_tie_and_is_what_decided(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, shares=("0.8", "0.8", "0.5"))
    first, second = held.entries[1].alias, held.entries[0].alias

    _vote(session, registry, held, [first, second])

    found = round_standings(session, registry=registry, contest=held.contest, round_key=PRELIMINARY)
    assert [(one.entry, one.rank) for one in found[:2]] == [(first, 1), (second, 2)]
    assert [one.tie[0].key for one in found[:2]] == ["chair-vote", "chair-vote"]


def test_chair_vote_on_entries_that_share_no_rank_is_refused(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, shares=("0.8", "0.8", "0.5"))

    with pytest.raises(Conflict):
        _vote(session, registry, held, [held.entries[0].alias, held.entries[2].alias])
    with pytest.raises(Conflict):
        _vote(session, registry, held, [held.entries[0].alias])
    assert session.query(ChairVote).count() == 0


def test_chair_vote_needs_a_reason(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, entries=2)
    for entry in held.entries:
        score_entry(session, held, entry, ["0.7"] * 3)

    with pytest.raises(Refused):
        _vote(session, registry, held, [one.alias for one in held.entries], reason="")
