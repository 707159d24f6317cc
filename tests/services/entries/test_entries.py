"""Submitting: the deadline, completeness, limits per author, receipts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.api import hookimpl
from judging.db.models import Contest, Entry, EntryFile, Receipt
from judging.domain.permissions import Actor, Role
from judging.domain.structure import digest
from judging.errors import Conflict, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.core_plugin import CorePlugin
from judging.services.entries.eligibility import CANNOT_TELL, check_entry
from judging.services.entries.life import begin_entry, submit_entry, withdraw_entry
from judging.services.entries.values import name_key
from tests.factories import NOW, agree, make_account, make_contest, make_entry

BORN = date(2009, 1, 1)
DEADLINE = NOW + timedelta(hours=1)


@pytest.fixture
def contest(session: Session, registry: Registry) -> Contest:
    return make_contest(session, registry, closes_at=DEADLINE)


def complete(session: Session, contest: Contest, **values: Any) -> Entry:
    """A draft to which nothing is missing."""
    rules = contest.rules or {}
    answers = {field["key"]: "Ba câu mẫu." for field in rules["fields"] if field["required"]}
    entry = make_entry(
        session, contest, state="draft", submitted_at=None, answers={**answers, "own_work": True},
        members=({"name": "Nông Mẫu Bình", "name_key": name_key("Nông Mẫu Bình"), "born": BORN},), **values,
    )  # fmt: skip
    for item in rules["dossier"]:
        if item["required"]:
            session.add(
                EntryFile(
                    entry_id=entry.id, item=item["key"], filename="a.png", media_type="image/png", size=1, sha256="0",
                    key="blobs/00/0", uploaded_at=NOW,
                )
            )  # fmt: skip
    session.flush()
    session.refresh(entry)
    agree(session, entry)
    return entry


def owner(entry: Entry) -> Actor:
    return Actor(account_id=entry.owner_id, roles=frozenset({Role.CONTESTANT}))


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (DEADLINE - timedelta(milliseconds=1), "submitted"),
        (DEADLINE, "submitted"),
        (DEADLINE + timedelta(milliseconds=1), "late"),
    ],
)
def test_submission_at_the_edge_of_the_deadline(
    session: Session, registry: Registry, contest: Contest, moment: object, state: str
) -> None:
    entry = complete(session, contest)

    done = submit_entry(session, registry=registry, entry=entry, actor=owner(entry), now=moment)  # type: ignore[arg-type] # parametrised

    assert entry.state == state
    assert done.late == (state == "late")
    assert done.receipt.sha256 == digest(done.receipt.content)


def test_late_entry_with_gaps_is_recorded_with_its_gaps(session: Session, registry: Registry, contest: Contest) -> None:
    entry = make_entry(session, contest, state="draft", title="")
    agree(session, entry)

    done = submit_entry(session, registry=registry, entry=entry, actor=owner(entry), now=DEADLINE + timedelta(days=1))

    assert entry.state == "late"
    assert "title-missing" in {problem.code for problem in done.gaps}


def test_returned_entry_comes_back_after_the_deadline_with_a_second_receipt(
    session: Session, registry: Registry, contest: Contest
) -> None:
    entry = complete(session, contest)
    submit_entry(session, registry=registry, entry=entry, actor=owner(entry), now=NOW)
    entry.state, contest.phase = "returned", "screening"
    session.flush()

    done = submit_entry(session, registry=registry, entry=entry, actor=owner(entry), now=DEADLINE + timedelta(days=2))

    assert (entry.state, done.late) == ("submitted", False)
    assert done.receipt.number.endswith("-2")


def test_entry_is_not_submitted_twice_nor_by_somebody_else(
    session: Session, registry: Registry, contest: Contest
) -> None:
    entry = complete(session, contest)
    with pytest.raises(NotAllowed):
        submit_entry(session, registry=registry, entry=entry, actor=Actor(account_id="other"), now=NOW)
    submit_entry(session, registry=registry, entry=entry, actor=owner(entry), now=NOW)

    with pytest.raises(Conflict):
        submit_entry(session, registry=registry, entry=entry, actor=owner(entry), now=NOW)
    assert len(session.scalars(select(Receipt)).all()) == 1


@pytest.mark.parametrize("phase", ["judging", "suspended", "cancelled", "published"])
def test_contest_that_takes_nothing_refuses_a_draft(
    session: Session, registry: Registry, contest: Contest, phase: str
) -> None:
    entry = complete(session, contest)
    contest.phase = phase
    session.flush()

    with pytest.raises(Conflict):
        submit_entry(session, registry=registry, entry=entry, actor=owner(entry), now=NOW)
    assert entry.state == "draft"


def test_limit_of_entries_counts_the_same_person_however_the_name_is_written(
    session: Session, registry: Registry, contest: Contest
) -> None:
    for state in ("submitted", "eligible", "draft", "withdrawn"):
        make_entry(
            session, contest, state=state,
            members=({"name": "NÔNG MẪU BÌNH", "name_key": name_key("NÔNG  MẪU BÌNH"), "born": BORN, "is_lead": True},),
        )  # fmt: skip
    entry = complete(session, contest)

    with pytest.raises(Refused) as refused:
        submit_entry(session, registry=registry, entry=entry, actor=owner(entry), now=NOW)

    # Two entries count, the draft and the withdrawn one do not: this would be the third that the person leads.
    assert [problem.code for problem in refused.value.problems] == ["too-many-leads"]


def test_shares_must_be_exactly_one_hundred(session: Session, registry: Registry, contest: Contest) -> None:
    entry = complete(session, contest)
    entry.members[0].share = Decimal("99.99")
    session.flush()

    codes = [problem.code for problem in check_entry(session, registry=registry, entry=entry, now=NOW)]

    assert codes == ["shares-sum"]


class FailingPlugin:
    """A kind whose eligibility check breaks."""

    judging_api = 1

    def __init__(self, registry: Registry) -> None:
        self._rules = registry.rules("youth-creativity")

    @hookimpl
    def judging_contests(self) -> list[object]:
        return [self._rules]

    @hookimpl
    def judging_check_eligibility(self) -> list[object]:
        raise ZeroDivisionError


def test_check_that_fails_means_no(session: Session, registry: Registry) -> None:
    broken = Registry()
    broken.register(CorePlugin(), name="core")
    assert broken.register(FailingPlugin(registry), name="failing")
    entry = complete(session, make_contest(session, broken))

    assert check_entry(session, registry=broken, entry=entry, now=NOW) == (CANNOT_TELL,)


def test_receipts_of_two_contests_of_one_kind_and_year_have_different_numbers(
    session: Session, registry: Registry
) -> None:
    numbers = set()
    for _ in range(2):
        entry = complete(session, make_contest(session, registry), number=41)
        done = submit_entry(session, registry=registry, entry=entry, actor=owner(entry), now=NOW)
        numbers.add(done.receipt.number)

    assert "ST-2021-0041-1" in numbers
    assert len(numbers) == 2


def test_begun_entries_are_numbered_in_turn(session: Session, registry: Registry, contest: Contest) -> None:
    person = make_account(session)

    begun = [
        begin_entry(session, registry=registry, contest=contest, owner=person, answers={"own_work": True}, now=NOW)
        for _ in range(3)
    ]

    assert [entry.number for entry in begun] == [1, 2, 3]
    assert len({entry.alias for entry in begun}) == 3


def test_entry_cannot_be_begun_after_the_closing_moment(session: Session, registry: Registry, contest: Contest) -> None:
    with pytest.raises(Conflict):
        begin_entry(
            session, registry=registry, contest=contest, owner=make_account(session), answers={},
            now=DEADLINE + timedelta(seconds=1),
        )  # fmt: skip


@pytest.mark.parametrize("state", ["in-round", "advanced", "eliminated", "awarded", "not-awarded"])
def test_withdrawal_is_refused_alike_in_every_judged_state(
    session: Session, registry: Registry, contest: Contest, state: str
) -> None:
    entry = make_entry(session, contest, state=state)

    with pytest.raises(Conflict):
        withdraw_entry(session, entry=entry, actor=owner(entry), now=NOW)
    assert entry.state == state
