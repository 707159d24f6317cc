"""Decisions over sheets: two people, in daylight, in the score log; and nobody who is near the entry."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from judging.db.models import (
    Account,
    Assignment,
    AuditEvent,
    Contest,
    EntryMember,
    Job,
    LogLeaf,
    SheetOverride,
    SheetVersion,
)
from judging.domain.ledger.leaves import read_leaf
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.results.overrides.deciding import decide_override, propose_override, withdraw_override
from judging.services.results.prizes import settle_prizes
from judging.services.results.publication import publish_results, withdraw_publication
from judging.services.results.standings import load_ballots, round_standings
from judging.services.rounds.progress import find_gaps
from judging.services.rounds.running import advance_round, close_round
from judging.services.sheets.life import reopen_sheet, submit_sheet
from judging.services.upkeep.checks.overrides import check_overrides
from tests.factories import (
    NOW,
    even_marks,
    give_office,
    give_role,
    make_account,
    make_assignment,
    make_entry,
    make_judge,
)
from tests.services.office import FINAL, PRELIMINARY, Office, finish_rounds, hold_contest

WHY = "The judge marked another entry on this sheet."


@pytest.fixture
def held(session: Session, registry: Registry) -> Office:
    """Three entries that three judges have read in the open preliminary round."""
    return hold_contest(session, registry, shares=("0.9", "0.8", "0.7"))


def person(session: Session, held: Office, role: Role = Role.COMMITTEE) -> Actor:
    account = make_account(session, is_administrator=role is Role.ADMINISTRATOR)
    if role is not Role.ADMINISTRATOR:
        give_role(session, held.contest, account, role.value)
    return Actor(account_id=account.id, roles=frozenset({role}))


def sheet_of(
    session: Session, held: Office, entry: int = 0, judge: int = 0, round_key: str = PRELIMINARY
) -> Assignment:
    query = select(Assignment).where(
        Assignment.entry_id == held.entries[entry].id, Assignment.judge_id == held.judges[judge].id,
        Assignment.round == round_key,
    )  # fmt: skip
    return session.scalars(query).one()


def marks_of(held: Office, share: str, round_key: str = PRELIMINARY) -> dict[str, str]:
    judged = held.rules.find_round(round_key)
    assert judged is not None
    return {key: format(mark, "f") for key, mark in even_marks(judged, Decimal(share)).items()}


def propose(session: Session, registry: Registry, held: Office, **values: Any) -> SheetOverride:
    said: dict[str, Any] = {"actor": held.organiser, "exclude": True, "marks": {}, "reason": WHY, **values}
    said.setdefault("assignment", sheet_of(session, held) if "assignment" not in values else None)
    return propose_override(session, registry=registry, locale="en", now=NOW, **said)


def approve(session: Session, registry: Registry, override: SheetOverride, actor: Actor) -> SheetOverride:
    return decide_override(session, registry=registry, override=override, actor=actor, approve=True, now=NOW)


def override_leaves(session: Session) -> list[dict[str, Any]]:
    found = [read_leaf(entry) for entry in session.scalars(select(LogLeaf.entry).order_by(LogLeaf.idx)) if entry]
    return [dict(leaf) for leaf in found if leaf["type"] == "override"]


def counted(session: Session, held: Office, entry: int = 0) -> dict[str, dict[str, str]]:
    ballots = load_ballots(session, contest=held.contest, round_key=PRELIMINARY)
    alias = held.entries[entry].alias
    return {one.judge: {key: format(m, "f") for key, m in one.marks.items()} for one in ballots if one.entry == alias}


def test_proposal_changes_nothing_until_a_second_person_approves(
    session: Session, registry: Registry, held: Office
) -> None:
    before = counted(session, held)

    override = propose(session, registry, held)

    assert (override.state, counted(session, held)) == ("proposed", before)
    assert override_leaves(session) == []

    approve(session, registry, override, person(session, held))

    assert counted(session, held).keys() == before.keys() - {held.judges[0].alias}
    leaves = override_leaves(session)
    assert len(leaves) == 1
    assert leaves[0]["exclude"] is True
    assert leaves[0]["by"] != leaves[0]["approved_by"]
    assert check_overrides(session).ok
    assert check_overrides(session).count == 1


def test_other_marks_count_in_place_of_the_sheets_own(session: Session, registry: Registry, held: Office) -> None:
    wanted = marks_of(held, "0.5")

    approve(session, registry, propose(session, registry, held, exclude=False, marks=wanted), person(session, held))

    own = counted(session, held)
    assert {key: float(mark) for key, mark in own[held.judges[0].alias].items()} == {
        key: float(mark) for key, mark in wanted.items()
    }
    assert session.scalars(
        select(SheetVersion.number).where(SheetVersion.assignment_id == sheet_of(session, held).id)
    ).all() == [1]
    standings = round_standings(session, registry=registry, contest=held.contest, round_key=PRELIMINARY)
    assert standings[0].entry == held.entries[1].alias
    assert override_leaves(session)[0]["scores"] == session.scalars(select(SheetOverride)).one().marks


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.COMMITTEE])
def test_second_person_is_of_organisers_or_committee(
    session: Session, registry: Registry, held: Office, role: Role
) -> None:
    override = propose(session, registry, held)

    assert approve(session, registry, override, person(session, held, role)).state == "approved"


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.AUDITOR, Role.ADMINISTRATOR, Role.CONTESTANT, Role.JUDGE])
def test_others_decide_nothing(session: Session, registry: Registry, held: Office, role: Role) -> None:
    override = propose(session, registry, held)
    other = replace(person(session, held), roles=frozenset({role}))

    with pytest.raises(NotAllowed):
        approve(session, registry, override, other)
    assert override_leaves(session) == []


def test_proposer_is_no_second_person_whatever_else_they_are(
    session: Session, registry: Registry, held: Office
) -> None:
    override = propose(session, registry, held)
    both = replace(held.organiser, roles=frozenset({Role.ORGANISER, Role.COMMITTEE, Role.ADMINISTRATOR}))

    for approves in (True, False):
        with pytest.raises(NotAllowed):
            decide_override(session, registry=registry, override=override, actor=both, approve=approves, now=NOW)


def test_whoever_judges_or_made_the_entry_neither_proposes_nor_decides(
    session: Session, registry: Registry, held: Office
) -> None:
    override = propose(session, registry, held)
    judge, owner, named = (person(session, held) for _ in range(3))
    make_judge(session, held.contest, account=session.get_one(Account, judge.account_id), is_active=False)
    session.execute(
        update(EntryMember)
        .where(EntryMember.entry_id == held.entries[0].id)
        .values(email=session.get_one(Account, named.account_id).email.upper())
    )
    held.entries[0].owner_id = str(owner.account_id)
    session.flush()

    for actor in (judge, owner, named):
        with pytest.raises(NotAllowed):
            approve(session, registry, override, actor)
    withdraw_override(session, override=override, actor=held.organiser, now=NOW)
    for actor in (judge, owner, named):
        with pytest.raises(NotAllowed):
            propose(session, registry, held, actor=replace(actor, roles=frozenset({Role.ORGANISER})))


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.COMMITTEE, Role.AUDITOR, Role.ADMINISTRATOR, Role.JUDGE])
def test_organiser_proposes_and_nobody_else(session: Session, registry: Registry, held: Office, role: Role) -> None:
    with pytest.raises(NotAllowed):
        propose(session, registry, held, actor=person(session, held, role))


def test_every_fault_of_a_proposal_is_told_at_its_mark(session: Session, registry: Registry, held: Office) -> None:
    wanted = marks_of(held, "0.5")
    first, second, *_ = wanted

    with pytest.raises(Refused) as refused:
        propose(
            session, registry, held, exclude=False, reason=" ",
            marks={**wanted, first: "1000", second: "eight", "no-such": "1"},
        )  # fmt: skip
    assert {problem.where for problem in refused.value.problems} == {"reason", first, second, "no-such"}

    with pytest.raises(Refused) as refused:
        propose(session, registry, held, exclude=False, marks={first: wanted[first]})
    assert {problem.where for problem in refused.value.problems} == wanted.keys() - {first}


def test_proposal_must_change_something(session: Session, registry: Registry, held: Office) -> None:
    with pytest.raises(Refused):
        propose(session, registry, held, exclude=False, marks=marks_of(held, "0.9"))
    approve(session, registry, propose(session, registry, held), person(session, held))
    with pytest.raises(Refused):
        propose(session, registry, held)
    with pytest.raises(Refused):
        propose(session, registry, held, exclude=True, marks=marks_of(held, "0.5"))


def test_one_proposal_waits_for_a_sheet(session: Session, registry: Registry, held: Office) -> None:
    first = propose(session, registry, held)
    with pytest.raises(Conflict):
        propose(session, registry, held)

    decide_override(
        session, registry=registry, override=first, actor=person(session, held), approve=False, now=NOW
    )  # fmt: skip

    assert first.state == "rejected"
    assert propose(session, registry, held).state == "proposed"


def test_decided_proposal_is_decided_once(session: Session, registry: Registry, held: Office) -> None:
    override = propose(session, registry, held)
    second = person(session, held)
    approve(session, registry, override, second)

    with pytest.raises(Conflict):
        approve(session, registry, override, second)
    with pytest.raises(Conflict):
        withdraw_override(session, override=override, actor=held.organiser, now=NOW)
    assert len(override_leaves(session)) == 1


def test_proposal_is_withdrawn_by_its_proposer_alone(session: Session, registry: Registry, held: Office) -> None:
    override = propose(session, registry, held)

    with pytest.raises(NotAllowed):
        withdraw_override(session, override=override, actor=person(session, held, Role.ORGANISER), now=NOW)
    withdraw_override(session, override=override, actor=held.organiser, now=NOW)

    with pytest.raises(Conflict):
        approve(session, registry, override, person(session, held))


def test_later_decision_replaces_the_earlier_one_in_rows_and_log(
    session: Session, registry: Registry, held: Office
) -> None:
    second = person(session, held)
    first = approve(session, registry, propose(session, registry, held), second)

    later = propose(session, registry, held, exclude=False, marks=marks_of(held, "0.6"))
    approve(session, registry, later, second)

    session.refresh(first)
    assert (first.state, later.state) == ("replaced", "approved")
    assert held.judges[0].alias in counted(session, held)
    assert check_overrides(session).ok
    # Closing a round holds the ranking of the rows against that of the log.
    close_round(session, registry=registry, contest=held.contest, round_key=PRELIMINARY, actor=held.organiser, now=NOW)


def test_new_version_supersedes_the_decision_and_the_proposal(
    session: Session, registry: Registry, held: Office
) -> None:
    assignment = sheet_of(session, held)
    second = person(session, held)
    approve(session, registry, propose(session, registry, held), second)
    waiting = propose(session, registry, held, exclude=False, marks=marks_of(held, "0.4"))
    held.judges[0].conflicts_declared_at = NOW
    assignment.comment = "Rõ ràng. Dễ làm theo."
    session.flush()

    reopen_sheet(session, assignment=assignment, actor=held.organiser, reason="See again", now=NOW)
    with pytest.raises(Conflict):
        approve(session, registry, waiting, second)
    own = Actor(account_id=held.judges[0].account_id, roles=frozenset({Role.JUDGE}))
    submit_sheet(session, registry=registry, assignment=assignment, actor=own, now=NOW)

    assert held.judges[0].alias in counted(session, held)
    with pytest.raises(Conflict):
        approve(session, registry, waiting, second)
    close_round(session, registry=registry, contest=held.contest, round_key=PRELIMINARY, actor=held.organiser, now=NOW)


def test_entry_that_waits_for_sheets_is_not_decided_over(session: Session, registry: Registry, held: Office) -> None:
    sheet_of(session, held, judge=1).state = "draft"
    session.flush()

    with pytest.raises(NotAllowed):
        propose(session, registry, held)


@pytest.mark.parametrize(
    "phase", ["open", "closed", "screening", "approved", "posted", "decided", "archived", "suspended", "cancelled"]
)
def test_other_phases_take_no_decision(session: Session, registry: Registry, held: Office, phase: str) -> None:
    override = propose(session, registry, held)
    second = person(session, held)
    held.contest.phase = phase
    session.flush()

    with pytest.raises(Conflict):
        approve(session, registry, override, second)
    with pytest.raises(Conflict):
        propose(session, registry, held, assignment=sheet_of(session, held, judge=1))


def test_round_that_was_advanced_keeps_its_sheets(session: Session, registry: Registry, held: Office) -> None:
    override = propose(session, registry, held)
    for act in (close_round, advance_round):
        act(session, registry=registry, contest=held.contest, round_key=PRELIMINARY, actor=held.organiser, now=NOW)

    with pytest.raises(Conflict, match="who went on"):
        approve(session, registry, override, person(session, held))


def test_second_persons_are_told_in_their_language_and_nobody_else(
    session: Session, registry: Registry, held: Office
) -> None:
    committee, chief, auditor, judge = (make_account(session) for _ in range(4))
    give_role(session, held.contest, committee, "committee")
    give_office(session, held.contest.organisation, chief, "organiser")
    give_office(session, held.contest.organisation, auditor, "auditor")
    give_role(session, held.contest, judge, "organiser")
    make_judge(session, held.contest, account=judge)
    committee.locale = "en"
    session.flush()

    override = propose(session, registry, held)

    letters = [one.payload for one in session.scalars(select(Job).where(Job.name == "send-letter"))]
    assert {(one["to"], one["locale"]) for one in letters} == {(committee.email, "en"), (chief.email, chief.locale)}
    assert all(one["params"]["reason"] == WHY for one in letters)
    approve(session, registry, override, Actor(account_id=chief.id, roles=frozenset({Role.ORGANISER})))
    told = [one.payload["to"] for one in session.scalars(select(Job).where(Job.name == "send-letter"))]
    assert told.count(held.desk.email) == 1


def test_administrators_are_told_of_no_proposal(session: Session, registry: Registry, held: Office) -> None:
    make_account(session, is_administrator=True)

    propose(session, registry, held)

    assert session.scalars(select(Job).where(Job.name == "send-letter")).all() == []


def test_acts_are_on_record_without_marks(session: Session, registry: Registry, held: Office) -> None:
    second = person(session, held)
    approve(session, registry, propose(session, registry, held, exclude=False, marks=marks_of(held, "0.5")), second)

    events = session.scalars(
        select(AuditEvent).where(AuditEvent.action.startswith("override-")).order_by(AuditEvent.id)
    )
    told = [(one.action, one.actor_id, one.details) for one in events]
    assert [(action, by) for action, by, _ in told] == [
        ("override-proposed", held.desk.id), ("override-approved", second.account_id),
    ]  # fmt: skip
    assert told[0][2]["reason"] == WHY
    assert all("marks" not in details for _, _, details in told)


def test_wide_gap_by_decision_is_found(session: Session, registry: Registry, held: Office) -> None:
    judged = held.rules.find_round(PRELIMINARY)
    assert judged is not None
    assert find_gaps(session, contest=held.contest, judged=judged) == ()

    wanted = marks_of(held, "0.1")
    approve(session, registry, propose(session, registry, held, exclude=False, marks=wanted), person(session, held))

    assert [gap.entry.id for gap in find_gaps(session, contest=held.contest, judged=judged)] == [held.entries[0].id]


def _publish(session: Session, registry: Registry, held: Office) -> None:
    settle_prizes(session, registry=registry, contest=held.contest, actor=held.organiser, now=NOW)
    publish_results(session, registry=registry, contest=held.contest, decision="12/QĐ", actor=held.organiser, now=NOW)


def test_published_results_are_withdrawn_first_and_published_anew(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, entries=5)
    finish_rounds(session, held, ("0.9", "0.85", "0.8", "0.75", "0.5"))
    second = person(session, held)
    sheet = sheet_of(session, held, round_key=FINAL)
    waiting = propose(session, registry, held, assignment=sheet)
    _publish(session, registry, held)

    with pytest.raises(Conflict, match="Withdraw the publication"):
        approve(session, registry, waiting, second)
    with pytest.raises(Conflict, match="Withdraw the publication"):
        propose(session, registry, held, assignment=sheet_of(session, held, judge=1, round_key=FINAL))
    assert override_leaves(session) == []

    withdraw_publication(session, contest=held.contest, reason="Wrong", actor=held.organiser, now=NOW)
    approve(session, registry, waiting, second)
    _publish(session, registry, held)

    assert len(override_leaves(session)) == 1


def test_closed_log_takes_no_decision(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, entries=5)
    finish_rounds(session, held, ("0.9", "0.85", "0.8", "0.75", "0.5"))
    _publish(session, registry, held)
    # As one sees it who read the phase before the publication was stored.
    session.execute(update(Contest).values(phase="deliberation"))
    session.refresh(held.contest)

    with pytest.raises(Conflict, match="score log is closed"):
        propose(session, registry, held, assignment=sheet_of(session, held, round_key=FINAL))


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ({"decided_by_id": None}, "second person"),
        ({"exclude": False, "marks": {"novelty": "1"}}, "not what the score log recorded"),
    ],
)
def test_check_tells_what_was_changed_beside_the_program(
    session: Session, registry: Registry, held: Office, damage: dict[str, Any], told: str
) -> None:
    approve(session, registry, propose(session, registry, held), person(session, held))
    session.execute(update(SheetOverride).values(damage))
    session.expire_all()

    assert told in check_overrides(session).problems[0]


def test_check_tells_a_decision_without_leaf_and_a_second_one_that_counts(
    session: Session, registry: Registry, held: Office
) -> None:
    override = propose(session, registry, held)
    second = person(session, held)
    session.execute(update(SheetOverride).values(state="approved", decided_by_id=second.account_id, decided_at=NOW))
    session.expire_all()
    assert "score log does not have it" in check_overrides(session).problems[0]

    session.execute(update(SheetOverride).values(state="proposed", decided_by_id=None, decided_at=None))
    session.expire_all()
    approve(session, registry, override, second)
    approve(session, registry, propose(session, registry, held, exclude=False, marks=marks_of(held, "0.5")), second)
    session.execute(update(SheetOverride).values(state="approved"))
    session.expire_all()
    assert "another decision counts" in check_overrides(session).problems[0]


def test_sheet_of_an_entry_that_is_out_is_not_decided_over(session: Session, registry: Registry, held: Office) -> None:
    override = propose(session, registry, held)
    held.entries[0].state = "disqualified"
    session.flush()

    with pytest.raises(Conflict):
        approve(session, registry, override, person(session, held))


def test_draft_entry_has_no_sheet_to_decide_over(session: Session, registry: Registry, held: Office) -> None:
    entry = make_entry(session, held.contest, state="in-round", round=PRELIMINARY)
    waiting = make_assignment(session, entry, held.judges[0], round_key=PRELIMINARY)

    with pytest.raises(NotAllowed):
        propose(session, registry, held, assignment=waiting)
