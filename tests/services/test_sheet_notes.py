"""A judge's own notes: theirs alone, in their archive and in nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import AuditEvent, SheetNote
from judging.domain.conflicts import ConflictKind
from judging.errors import NotAllowed, NotFound
from judging.services.my_data.notes import own_note_rows
from judging.services.readings import find_reading
from judging.services.recusals import recuse
from judging.services.sheet_notes import MOST_CHARACTERS, find_note, keep_note
from tests.factories import NOW
from tests.services.sheet_cases import Case, add_colleague, make_case, office

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry


@pytest.fixture
def case(session: Session, registry: Registry) -> Case:
    return make_case(session, registry)


def test_note_is_kept_changed_and_gone_without_a_trace_in_the_record(
    session: Session, registry: Registry, case: Case
) -> None:
    reading = find_reading(session, registry=registry, assignment=case.assignment, actor=case.actor)
    before = session.scalars(select(AuditEvent.id)).all()

    keep_note(session, reading=reading, actor=case.actor, text="  Hỏi thêm về pin  ", now=NOW)
    assert find_note(session, reading=reading, actor=case.actor) == "Hỏi thêm về pin"
    keep_note(session, reading=reading, actor=case.actor, text="x" * (MOST_CHARACTERS + 5), now=NOW)
    assert len(find_note(session, reading=reading, actor=case.actor)) == MOST_CHARACTERS
    keep_note(session, reading=reading, actor=case.actor, text=" ", now=NOW)

    session.flush()
    assert session.scalars(select(SheetNote)).all() == []
    assert session.scalars(select(AuditEvent.id)).all() == before


def test_note_is_closed_to_the_office_and_to_a_colleague(session: Session, registry: Registry, case: Case) -> None:
    reading = find_reading(session, registry=registry, assignment=case.assignment, actor=case.actor)
    keep_note(session, reading=reading, actor=case.actor, text="Riêng tôi", now=NOW)
    colleague = add_colleague(session, case)

    for actor in (office(session, case), colleague.actor):
        with pytest.raises(NotAllowed):
            find_note(session, reading=reading, actor=actor)
        with pytest.raises(NotAllowed):
            keep_note(session, reading=reading, actor=actor, text="Khác", now=NOW)


def test_recused_judge_has_no_way_to_the_note(session: Session, registry: Registry, case: Case) -> None:
    recuse(session, assignment=case.assignment, actor=case.actor, kind=ConflictKind.OTHER, reason="Người quen", now=NOW)

    with pytest.raises(NotFound):
        find_reading(session, registry=registry, assignment=case.assignment, actor=case.actor)


def test_archive_of_the_judge_holds_the_note_and_that_of_a_colleague_does_not(
    session: Session, registry: Registry, case: Case
) -> None:
    reading = find_reading(session, registry=registry, assignment=case.assignment, actor=case.actor)
    keep_note(session, reading=reading, actor=case.actor, text="Riêng tôi", now=NOW)
    colleague = add_colleague(session, case)
    session.flush()

    (row,) = own_note_rows(session, case.account)
    assert "Riêng tôi" in [fact.value for fact in row]
    assert list(own_note_rows(session, colleague.account)) == []
