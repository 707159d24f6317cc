"""A judge's own notes: theirs alone, in their archive and in nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import AuditEvent, SheetNote
from judging.domain.conflicts import ConflictKind
from judging.domain.draft_merge import EMPTY, Outcome, version_of
from judging.errors import NotAllowed, NotFound
from judging.services.judges.conflicts.recusals import recuse
from judging.services.privacy.my_data.notes import own_note_rows
from judging.services.sheets.notes import MOST_CHARACTERS, find_note, keep_note
from judging.services.sheets.readings import find_reading
from tests.factories import NOW
from tests.services.sheets.cases import Case, add_colleague, office

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry


def test_note_is_kept_changed_and_gone_without_a_trace_in_the_record(
    session: Session, registry: Registry, case: Case
) -> None:
    reading = find_reading(session, registry=registry, assignment=case.assignment, actor=case.actor)
    before = session.scalars(select(AuditEvent.id)).all()

    kept = keep_note(session, reading=reading, actor=case.actor, text="  Hỏi thêm về pin  ", base=EMPTY, now=NOW)
    assert find_note(session, reading=reading, actor=case.actor) == "Hỏi thêm về pin"
    long = "x" * (MOST_CHARACTERS + 5)
    kept = keep_note(session, reading=reading, actor=case.actor, text=long, base=kept.version, now=NOW)
    assert len(find_note(session, reading=reading, actor=case.actor)) == MOST_CHARACTERS
    kept = keep_note(session, reading=reading, actor=case.actor, text=" ", base=kept.version, now=NOW)
    assert kept.version == EMPTY

    session.flush()
    assert session.scalars(select(SheetNote)).all() == []
    assert session.scalars(select(AuditEvent.id)).all() == before


def test_note_is_closed_to_the_office_and_to_a_colleague(session: Session, registry: Registry, case: Case) -> None:
    reading = find_reading(session, registry=registry, assignment=case.assignment, actor=case.actor)
    keep_note(session, reading=reading, actor=case.actor, text="Riêng tôi", base=EMPTY, now=NOW)
    colleague = add_colleague(session, case)

    for actor in (office(session, case), colleague.actor):
        with pytest.raises(NotAllowed):
            find_note(session, reading=reading, actor=actor)
        with pytest.raises(NotAllowed):
            keep_note(session, reading=reading, actor=actor, text="Khác", base=None, now=NOW)


def test_two_devices_never_write_over_each_other(session: Session, registry: Registry, case: Case) -> None:
    reading = find_reading(session, registry=registry, assignment=case.assignment, actor=case.actor)
    first = keep_note(session, reading=reading, actor=case.actor, text="Của máy bàn", base=EMPTY, now=NOW)

    for base in (EMPTY, None, version_of("Điều khác")):
        outcome = keep_note(session, reading=reading, actor=case.actor, text="Của điện thoại", base=base, now=NOW)
        assert (outcome.outcome, outcome.text) == (Outcome.CLASH, "Của máy bàn")
    unchanged = keep_note(session, reading=reading, actor=case.actor, text="", base=EMPTY, now=NOW)
    assert (unchanged.outcome, unchanged.text) == (Outcome.STANDING, "Của máy bàn")
    assert find_note(session, reading=reading, actor=case.actor) == "Của máy bàn"

    both = "Của máy bàn\r\n\r\nCủa điện thoại"
    seen = keep_note(session, reading=reading, actor=case.actor, text=both, base=first.version, now=NOW)
    assert (seen.outcome, seen.text) == (Outcome.TYPED, "Của máy bàn\n\nCủa điện thoại")


def test_device_does_not_clash_with_what_it_sent_itself(session: Session, registry: Registry, case: Case) -> None:
    reading = find_reading(session, registry=registry, assignment=case.assignment, actor=case.actor)
    lost = keep_note(session, reading=reading, actor=case.actor, text="Một", base=EMPTY, now=NOW)

    outcome = keep_note(
        session, reading=reading, actor=case.actor, text="Một hai", base=EMPTY, sent=[lost.version], now=NOW
    )

    assert outcome.outcome is Outcome.TYPED
    assert find_note(session, reading=reading, actor=case.actor) == "Một hai"


def test_recused_judge_has_no_way_to_the_note(session: Session, registry: Registry, case: Case) -> None:
    recuse(session, assignment=case.assignment, actor=case.actor, kind=ConflictKind.OTHER, reason="Người quen", now=NOW)

    with pytest.raises(NotFound):
        find_reading(session, registry=registry, assignment=case.assignment, actor=case.actor)


def test_archive_of_the_judge_holds_the_note_and_that_of_a_colleague_does_not(
    session: Session, registry: Registry, case: Case
) -> None:
    reading = find_reading(session, registry=registry, assignment=case.assignment, actor=case.actor)
    keep_note(session, reading=reading, actor=case.actor, text="Riêng tôi", base=EMPTY, now=NOW)
    colleague = add_colleague(session, case)
    session.flush()

    (row,) = own_note_rows(session, case.account)
    assert "Riêng tôi" in [fact.value for fact in row]
    assert list(own_note_rows(session, colleague.account)) == []
