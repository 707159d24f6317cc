"""Saving and submitting a judge's sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from judging.services.sheets.life import save_draft, submit_sheet
from tests.factories import NOW
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from judging.db.models import SheetVersion
    from judging.plugins import Registry
    from judging.services.sheets.life import SavedDraft
    from tests.services.sheets.cases import Case


@pytest.fixture
def save(session: Session, registry: Registry) -> Callable[..., SavedDraft]:
    def saving(case: Case, **changes: Any) -> SavedDraft:
        values: dict[str, Any] = {
            "assignment": case.assignment, "actor": case.actor, "marks": WHOLE, "bands": {}, "comments": COMMENTS,
            "comment": COMMENT, "locale": "en", "now": NOW, **changes,
        }  # fmt: skip
        return save_draft(session, registry=registry, **values)

    return saving


@pytest.fixture
def submit(session: Session, registry: Registry) -> Callable[..., SheetVersion]:
    def submitting(case: Case, **changes: Any) -> SheetVersion:
        values: dict[str, Any] = {"assignment": case.assignment, "actor": case.actor, "now": NOW, **changes}
        return submit_sheet(session, registry=registry, **values)

    return submitting
