"""The proof in the answer to a submission: made after the commit, since nothing is signed before it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import structlog
from flask import Response, after_this_request, g, json

from judging.errors import JudgingError
from judging.services.score_log.keeper import keeper_of
from judging.services.score_log.receipts import find_leaf_at, just_submitted, make_receipt, receipt_of
from judging.web.context import platform
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.db.models import SheetVersion
    from judging.domain.ledger.receipts import Receipt

_CREATED = 201
_log = structlog.get_logger(__name__)


def keep_for_proof(version: SheetVersion) -> None:
    """Remember what this request recorded, so that its receipt need not be read back after the commit."""
    g.recorded = (just_submitted(db(), version.id), keeper_of(db()).notary)


def proven(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a good answer of `view` carry the proof: in a repeated request too, which gets the same bytes again.

    A proof that cannot be made now is left out, and can be had later: the sheet is recorded all the same.
    """

    @wraps(view)
    def called(*args: Any, **kwargs: Any) -> Any:
        after_this_request(_add_proof)
        return view(*args, **kwargs)

    return called


def _add_proof(response: Response) -> Response:
    if response.status_code != _CREATED:
        return response
    answer = response.get_json()
    told = answer.get("receipt")
    # Where entries go by codes, no receipt names its log yet.
    if told and told["log"] is not None:
        try:
            receipt = _receipt(told["log"], told["index"])
        except (JudgingError, OSError):
            _log.exception("proof_not_made", log=told["log"], index=told["index"])
            return response
        told["proof"] = bytes(receipt).decode()
        response.set_data(json.dumps(answer) + "\n")
    return response


def _receipt(origin: str, index: int) -> Receipt:
    recorded, notary = g.get("recorded", (None, None))
    if recorded is not None:
        return receipt_of(recorded, notary=notary, database=platform().database)
    with platform().database.reading() as session:
        leaf = find_leaf_at(session, origin=origin, index=index)
        assert leaf is not None, "the answer that was kept names a leaf of a log"  # noqa: S101 - leaves stay
        return make_receipt(session, leaf)
