"""A judge's receipt as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response

from judging.domain.ledger.receipts import MEDIA_TYPE
from judging.errors import N_, NotFound
from judging.services.score_log.receipts import find_sheet_leaf, make_receipt
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.db.models import SheetVersion


def receipt_file(version: SheetVersion) -> Response:
    """The receipt of a submitted version, to be kept. Raises NotFound when its leaf was erased."""
    leaf = find_sheet_leaf(db(), version.id)
    if leaf is None:
        raise NotFound(N_("There is nothing here."))
    receipt = make_receipt(db(), leaf)
    answer = Response(bytes(receipt), content_type=MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{receipt.file_name}"'
    return answer
