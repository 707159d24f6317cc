"""What takes a repeat away again: whatever takes its first reading or its entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.db.queries.repeats import find_repeat
from judging.domain.conflicts import ConflictKind
from judging.domain.entry_states import EntryState
from judging.services.entries.removal import remove_entry
from judging.services.judges.assigning.removal import remove_assignment
from judging.services.judges.conflicts.recusals import recuse
from judging.services.privacy.erasure.judge_words import empty_judge_words
from judging.services.sheets.desk import list_desk
from judging.services.sheets.life import write_off_sheet
from tests.factories import NOW, make_sheet
from tests.services.judges.repeat_cases import count
from tests.services.sheets.cases import office

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry
    from tests.services.judges.repeat_cases import Shown


def test_recusal_write_off_and_taking_back_of_the_reading_take_the_repeat(
    session: Session, registry: Registry, shown: Shown
) -> None:
    case = shown.case
    assert find_repeat(session, shown.repeat.id) is shown.repeat

    with session.begin_nested() as tried:
        recuse(
            session, assignment=shown.first, actor=case.actor, kind=ConflictKind.SPOUSE, reason="", now=NOW
        )  # fmt: skip
        session.flush()
        assert find_repeat(session, shown.repeat.id) is None
        tried.rollback()
    with session.begin_nested() as tried:
        write_off_sheet(session, assignment=shown.first, actor=office(session, case), reason="Nghỉ ốm", now=NOW)
        session.flush()
        assert find_repeat(session, shown.repeat.id) is None
        tried.rollback()
    with session.begin_nested() as tried:
        remove_assignment(
            session, contest=case.contest, assignment=shown.first, reason="Đổi", actor=office(session, case), now=NOW
        )  # fmt: skip
        session.flush()
        assert find_repeat(session, shown.repeat.id) is None
        (work,) = list_desk(session, registry=registry, account=case.account)
        assert work.total == 7
        tried.rollback()


def test_entry_that_is_withdrawn_or_erased_takes_the_repeat(session: Session, shown: Shown) -> None:
    # A submitted sheet stays with a withdrawn entry, and so the reading does; its repeat does not.
    make_sheet(session, shown.first, shown.case.judged)
    assert find_repeat(session, shown.repeat.id) is shown.repeat
    remove_entry(
        session, entry=shown.first.entry, target=EntryState.WITHDRAWN, reason="Theo đơn",
        actor=office(session, shown.case), now=NOW,
    )  # fmt: skip
    assert find_repeat(session, shown.repeat.id) is None

    empty_judge_words(session, shown.first.entry)

    assert count(session) == 0


def test_deleting_the_reading_deletes_the_repeat(session: Session, shown: Shown) -> None:
    session.delete(shown.first)
    session.flush()

    assert count(session) == 0
