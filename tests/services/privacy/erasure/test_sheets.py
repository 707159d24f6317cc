"""Sheets under an erasure: they lose comments or marks, once and for all, and change in no other way."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from judging.db.models import Assignment, SheetOverride, SheetVersion
from judging.services.platform import Platform
from tests.services.privacy.erasures import Stage, erase, leaf_rows, overrule


@pytest.mark.parametrize(
    "change",
    [
        "comment = 'another'",
        'comments = \'{"idea": "x"}\'',
        "marks = '{}'",
        "total = ''",
        "marks = '{\"idea\": \"1\"}', total = ''",
        "marks = '{}', total = '0.000000'",
        "comment = '', number = 7",
        "submitted_by_id = 'nobody'",
        "code = ''",
    ],
)
def test_sheet_loses_comments_or_marks_and_changes_in_no_other_way(
    platform: Platform, stage: Stage, change: str
) -> None:
    with pytest.raises(IntegrityError, match="never changed"), platform.database.writing() as session:
        session.execute(text(f"UPDATE sheet_version SET {change}"))  # noqa: S608 - one of the texts above


def test_what_was_emptied_is_not_filled_anew(platform: Platform, stage: Stage) -> None:
    erase(platform, stage, with_sheets=True)

    for change in ("comment = 'x'", "total = '1.000000'", "marks = '{\"idea\": \"1\"}', total = ''"):
        with pytest.raises(IntegrityError, match="never changed"), platform.database.writing() as session:
            session.execute(
                text(f"UPDATE sheet_version SET {change} WHERE id = :id"), {"id": stage.sheets[0]}  # noqa: S608
            )  # fmt: skip


def test_other_sheets_keep_all_they_have(platform: Platform, stage: Stage) -> None:
    def others() -> list[tuple[object, ...]]:
        with platform.database.reading() as session:
            sheets = session.query(SheetVersion).filter(SheetVersion.id.in_(stage.others)).order_by(SheetVersion.id)
            return [(one.marks, one.comments, one.comment, one.total) for one in sheets]

    before = others()
    erase(platform, stage, with_sheets=True)

    assert others() == before
    assert leaf_rows(platform, stage.others)[0][2] is not None


def test_drafts_and_overrides_lose_marks_only_with_the_sheets(platform: Platform, stage: Stage) -> None:
    with platform.database.writing() as session:
        overrule(session, stage)
    erase(platform, stage)
    with platform.database.reading() as session:
        override = session.scalars(select(SheetOverride)).one()
        assert (override.marks, override.reason) == ({"idea": "1"}, "")
        drafts = session.scalars(select(Assignment).where(Assignment.entry_id == stage.entry)).all()
        assert all(draft.marks and not draft.comment and not draft.reason for draft in drafts)

    erase(platform, stage, with_sheets=True)

    with platform.database.reading() as session:
        assert session.scalars(select(SheetOverride)).one().marks == {}
        drafts = session.scalars(select(Assignment).where(Assignment.entry_id == stage.entry)).all()
        assert all(not draft.marks for draft in drafts)
