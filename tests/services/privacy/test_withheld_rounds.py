"""One's own archive while blind repeats are to stay unnoticed: nothing of the judge's work in such a round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from judging.services.privacy.my_data.gathering import gather_data
from judging.services.sheets.life import save_draft, submit_sheet
from judging.services.sheets.notes import keep_note
from judging.services.sheets.readings import find_reading, find_stage
from judging.services.sheets.setting_aside import set_aside
from tests.factories import NOW
from tests.services.judges.repeat_cases import show_again
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry

PARTS = ("sheets_written", "sheet_notes", "acts")


def test_archive_has_nothing_of_the_round_until_it_is_over(session: Session, registry: Registry) -> None:
    """What stood in it would be the sheets that count: the judge would find the repeats by what is missing."""
    shown = show_again(session, registry)
    first, actor = shown.first, shown.case.actor
    values: dict[str, Any] = {"registry": registry, "assignment": first, "actor": actor, "now": NOW}
    save_draft(session, **values, marks=WHOLE, bands={}, comments=COMMENTS, comment=COMMENT, locale="en")
    reading = find_reading(session, registry=registry, assignment=first, actor=actor)
    keep_note(session, reading=reading, actor=actor, text="Ghi chú mẫu", base=None, now=NOW)
    submit_sheet(session, **values)
    set_aside(session, **{**values, "assignment": shown.readings[-1]}, kind="file-broken", words="Lời mẫu")

    def told() -> dict[str, int]:
        session.flush()
        found = gather_data(session, registry=registry, account=shown.case.account, subjects=())
        return {part.key: len(part.rows) for part in found if part.key in PARTS}

    assert told() == {}
    stage = find_stage(session, assignment=first)
    assert stage is not None
    stage.state = "closed"

    assert told() == {"sheets_written": 1, "sheet_notes": 2, "acts": 3}
