"""Two devices of one judge at the same moment: one is stored, the other is told, on either database."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from judging.db.models import Assignment, SheetVersion
from judging.errors import Conflict, StaleVersion
from judging.services.sheets.life import save_draft, submit_sheet
from tests.factories import NOW
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, make_case

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.domain.permissions import Actor
    from judging.plugins import Registry
    from judging.services.sheets.life import SavedDraft
    from tests.services.sheets.cases import Case

WAIT = 10


class Device:
    """A judge's device that looked at the sheet before anybody saved it."""

    def __init__(self, database: Database, registry: Registry, case: Case) -> None:
        self.database, self.registry = database, registry
        self.assignment_id: str = case.assignment.id
        self.actor: Actor = case.actor
        self.looked, self.refused = threading.Event(), threading.Event()
        self.error: Exception | None = None

    def save(self, session: Session, marks: Mapping[str, str]) -> SavedDraft:
        assignment = session.get_one(Assignment, self.assignment_id)
        self.looked.set()
        return save_draft(
            session, registry=self.registry, assignment=assignment, actor=self.actor, marks=marks, bands={},
            comments=COMMENTS, comment=COMMENT, locale="en", now=NOW, expected_version=0,
        )  # fmt: skip

    def save_late(self, marks: Mapping[str, str]) -> None:
        try:
            with self.database.writing() as session:
                self.save(session, marks)
        except Exception as error:  # noqa: BLE001 - the test looks at whatever it was
            self.error = error


@pytest.fixture
def case(database: Database, registry: Registry) -> Case:
    with database.writing() as session:
        return make_case(session, registry)


@pytest.mark.parametrize("submits", [False, True])
def test_a_device_that_waited_for_another_is_refused_and_changes_nothing(
    database: Database, registry: Registry, case: Case, submits: bool
) -> None:
    first, second = Device(database, registry, case), Device(database, registry, case)
    late = threading.Thread(target=second.save_late, args=({**WHOLE, "novelty": "1"},))

    with database.writing() as session:
        saved = first.save(session, WHOLE)
        late.start()
        if database.engine.dialect.name == "postgresql":
            # On SQLite it waits before it looks.
            assert second.looked.wait(WAIT)
        if submits:
            assignment = session.get_one(Assignment, case.assignment.id)
            submit_sheet(
                session, registry=registry, assignment=assignment, actor=first.actor, now=NOW, saved=saved
            )  # fmt: skip
    late.join(WAIT)

    assert isinstance(second.error, Conflict if submits else StaleVersion), second.error
    with database.reading() as session:
        kept = session.get_one(Assignment, case.assignment.id)
        assert (kept.marks["novelty"], kept.draft_version) == ("24", 1)
        assert session.query(SheetVersion).count() == int(submits)


def test_submitting_what_was_saved_in_the_same_unit_of_work_stores_the_same_as_doing_it_later(
    database: Database, registry: Registry
) -> None:
    totals = []
    for at_once in (True, False):
        with database.writing() as session:
            case = make_case(session, registry)
            device = Device(database, registry, case)
            saved = device.save(session, WHOLE)
            version = submit_sheet(
                session, registry=registry, assignment=case.assignment, actor=case.actor, now=NOW,
                saved=saved if at_once else None,
            )  # fmt: skip
            session.flush()
            totals.append((version.total, version.marks, version.comments, version.comment, version.rubric_digest))
            assert case.assignment.state == "submitted"

    assert totals[0] == totals[1]
