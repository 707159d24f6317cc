"""Erasing the people of an entry."""

from __future__ import annotations

from typing import Any

from judging.services.access.api_tokens import OFFICE
from judging.services.privacy.erasure.erasing import erase_entry
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.schemas.entries import ErasureAnswer, ErasureBody
from judging.web.context import actor, entry, now
from judging.web.transaction import db


@blueprint.post("/entries/<entry_id>/erase")
@operation(
    tag="Running a contest", answer=ErasureAnswer, roles=("organiser", "administrator"), scopes=(OFFICE,),
    fails=(404, 409), example={"reason": "Theo đơn số 7.", "with_sheets": False},
)  # fmt: skip
def erase_entry_data(entry_id: str, json: ErasureBody) -> Any:
    """Erase the people of an entry for good, and with `with_sheets` its marks. Alias, number and state stay."""
    del entry_id
    erased = entry()
    erase_entry(db(), entry=erased, actor=actor(), reason=json.reason, with_sheets=json.with_sheets, now=now())
    assert erased.erased_at is not None, "it was just erased"  # noqa: S101 - says what the line before does
    return ErasureAnswer(
        entry=erased.id, alias=erased.alias, state=erased.state, erased_at=erased.erased_at,
        with_sheets=json.with_sheets,
    )  # fmt: skip
