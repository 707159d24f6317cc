"""Entries that a judge sets aside: they come back, the office answers, and nobody loses anything."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import Assignment, AuditEvent, SentMessage, SheetAside
from judging.db.queries import judge as queries
from judging.db.queries.asides import asides_of_round, newest_answer, standing_aside
from judging.domain.asides import AsideKind, aside_problems
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, NotFound, Refused
from judging.services.sheets.desk import find_place, list_desk
from judging.services.sheets.readings import find_reading
from judging.services.sheets.setting_aside import answer_aside, set_aside, take_up
from tests import factories
from tests.services.sheets.cases import Case, add_colleague, office

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry

LATER = factories.NOW + timedelta(hours=1)


def more(session: Session, case: Case, *, position: int) -> Assignment:
    entry = factories.make_entry(session, case.contest)
    return factories.make_assignment(session, entry, case.judge, round_key="preliminary", position=position)


def put(
    session: Session, registry: Registry, case: Case, *, kind: str = "model-missing", words: str = ""
) -> SheetAside:
    return set_aside(
        session, registry=registry, assignment=case.assignment, actor=case.actor, kind=kind, words=words,
        now=factories.NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "words", "codes"),
    [
        ("model-missing", "", []),
        ("file-broken", "", []),
        ("other", "Chờ tác giả đến", []),
        ("other", "  ", ["words-missing"]),
        ("", "x", ["kind-missing"]),
        ("recused", "x", ["kind-missing"]),
    ],
)
def test_aside_problems_ask_for_words_where_the_reason_says_nothing(kind: str, words: str, codes: list[str]) -> None:
    assert [one.code for one in aside_problems(kind, words)] == codes


def test_set_aside_puts_the_entry_behind_everything_else(session: Session, registry: Registry, case: Case) -> None:
    second, third = more(session, case, position=2), more(session, case, position=3)

    put(session, registry, case)

    rows = queries.desk_rows(session, judge_id=case.judge.id, round_key="preliminary", limit=9, offset=0)
    assert [(row.assignment_id, row.place, bool(row.aside)) for row in rows] == [
        (second.id, 1, False), (third.id, 2, False), (case.assignment.id, 3, True),
    ]  # fmt: skip
    (work,) = list_desk(session, registry=registry, account=case.account)
    assert (work.next_id, work.left, case.assignment.state) == (second.id, 3, "assigned")


def test_entry_set_aside_is_offered_again_when_nothing_else_is_left(
    session: Session, registry: Registry, case: Case
) -> None:
    second = more(session, case, position=2)
    put(session, registry, case)
    reading = find_reading(session, registry=registry, assignment=second, actor=case.actor)
    assert find_place(session, reading=reading).next_id == case.assignment.id
    factories.make_sheet(session, second, case.judged)

    (work,) = list_desk(session, registry=registry, account=case.account)
    assert work.next_id == case.assignment.id


def test_next_entry_passes_what_is_set_aside_wherever_the_judge_stands(
    session: Session, registry: Registry, case: Case
) -> None:
    second, third = more(session, case, position=2), more(session, case, position=3)
    put(session, registry, case)

    reading = find_reading(session, registry=registry, assignment=third, actor=case.actor)

    assert find_place(session, reading=reading).next_id == second.id


def test_set_aside_twice_and_without_a_reason_is_refused(session: Session, registry: Registry, case: Case) -> None:
    with pytest.raises(Refused):
        put(session, registry, case, kind="other")
    put(session, registry, case)
    with pytest.raises(Conflict):
        put(session, registry, case)


def test_submitted_sheet_and_a_colleagues_sheet_cannot_be_set_aside(
    session: Session, registry: Registry, case: Case
) -> None:
    colleague = add_colleague(session, case)
    with pytest.raises(NotFound):
        set_aside(
            session, registry=registry, assignment=colleague.assignment,
            actor=Actor(account_id=factories.make_account(session).id, roles=frozenset({Role.ORGANISER})),
            kind="file-broken", words="", now=factories.NOW,
        )  # fmt: skip
    factories.make_sheet(session, case.assignment, case.judged)
    with pytest.raises(Conflict):
        put(session, registry, case)


def test_take_up_puts_the_entry_back_into_its_place(session: Session, registry: Registry, case: Case) -> None:
    more(session, case, position=2)
    put(session, registry, case)

    take_up(session, registry=registry, assignment=case.assignment, actor=case.actor, now=LATER)
    take_up(session, registry=registry, assignment=case.assignment, actor=case.actor, now=LATER)

    (work,) = list_desk(session, registry=registry, account=case.account)
    assert work.next_id == case.assignment.id
    assert newest_answer(session, assignment=case.assignment) is None
    events = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == case.assignment.id)).all()
    assert events.count("sheet-set-aside") == events.count("sheet-taken-up") == 1


def test_answer_of_the_office_ends_it_and_tells_the_judge_once(
    session: Session, registry: Registry, case: Case
) -> None:
    put(session, registry, case, kind="file-broken", words="Video không mở được")
    (waiting,) = asides_of_round(session, contest_id=case.contest.id, round_key="preliminary")
    assert (waiting.kind, waiting.words) == (AsideKind.FILE_BROKEN, "Video không mở được")
    desk = office(session, case, Role.SECRETARY)

    answer_aside(session, assignment=case.assignment, actor=desk, answer="Đã thay tệp", now=LATER)

    assert asides_of_round(session, contest_id=case.contest.id, round_key="preliminary") == []
    found = newest_answer(session, assignment=case.assignment)
    assert found is not None
    assert (found.answer, found.ended_by_id) == ("Đã thay tệp", desk.account_id)
    letter = session.scalars(select(SentMessage).where(SentMessage.kind == "aside-answered")).one()
    assert letter.account_id == case.account.id
    assert "Đã thay tệp" in letter.text
    with pytest.raises(Conflict):
        answer_aside(session, assignment=case.assignment, actor=desk, answer="", now=LATER)


def test_only_an_office_that_does_not_judge_answers(session: Session, registry: Registry, case: Case) -> None:
    put(session, registry, case)
    auditor = office(session, case, Role.AUDITOR)
    party = Actor(account_id=case.account.id, roles=frozenset({Role.JUDGE, Role.ORGANISER}))

    colleague = add_colleague(session, case)
    # As the address of one sheet knows an organiser who judges other entries: as an organiser only.
    judging_organiser = Actor(account_id=colleague.account.id, roles=frozenset({Role.ORGANISER}))

    for actor in (auditor, party, case.actor, judging_organiser):
        with pytest.raises(NotAllowed):
            answer_aside(session, assignment=case.assignment, actor=actor, answer="", now=LATER)


def test_submitting_ends_it_for_good(session: Session, registry: Registry, case: Case) -> None:
    put(session, registry, case)
    factories.make_sheet(session, case.assignment, case.judged)
    assert standing_aside(session, assignment=case.assignment) is None

    case.assignment.state = "reopened"
    session.flush()

    assert standing_aside(session, assignment=case.assignment) is None
    assert asides_of_round(session, contest_id=case.contest.id, round_key="preliminary") == []
