"""Requests that may be repeated: the first one's answer is kept and given again (draft-ietf-httpapi-idempotency-key).

The answer lies in the same transaction as what the request did, so that there is never one without the other.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from judging.db.models import IdempotentAnswer
from judging.db.types import new_id
from judging.domain.values import Problem
from judging.errors import N_, Conflict, JudgingError, Refused

KEPT = timedelta(days=400)
"""How long answers are kept: longer than a contest runs, so at least until its publication."""

_KEY = re.compile(r'"([\x21\x23-\x7e]{1,100})"|([\x21\x23-\x2b\x2d-\x7e]{1,100})', re.ASCII)
_LOCK_TIMEOUT = "55P03"


class StillInProgress(Conflict):
    """Another request with the same key has not been answered yet: wait, then repeat."""


class OtherRequest(JudgingError):
    """The key was used for another request."""

    status = 422


def read_key(header: str) -> str:
    """The key of an `Idempotency-Key` header, in quotes (RFC 8941) or plain. Raises Refused."""
    found = _KEY.fullmatch(header.strip())
    if found is None:
        message = N_("An idempotency key is 1 to 100 visible ASCII characters, for example a UUID.")
        raise Refused([Problem(code="idempotency-key", message=message, where="Idempotency-Key")])
    return found[1] or found[2]


def request_digest(method: str, path: str, body: object) -> str:
    """What tells a repetition from another request: SHA-256 of method, address and what the body says as JSON."""
    said = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{method}\n{path}\n{said}".encode()).hexdigest()


def claim_key(
    session: Session, *, account_id: str, key: str, request_sha256: str, now: datetime
) -> tuple[IdempotentAnswer, bool]:
    """Take the key for this request, or find the answer that it was given before: (row, whether it is new).

    A request that has the key at this moment is waited for, as long as the database waits for a lock. Raises
    StillInProgress after that, and OtherRequest when the key belongs to another request.
    """
    taken = _insert(session, account_id=account_id, key=key, request_sha256=request_sha256, now=now)
    row = session.scalars(
        select(IdempotentAnswer).where(IdempotentAnswer.account_id == account_id, IdempotentAnswer.key == key)
    ).one()
    if row.request_sha256 != request_sha256:
        raise OtherRequest(N_("This idempotency key was used for another request. Make a new key for a new request."))
    return row, taken


def keep_answer(row: IdempotentAnswer, *, status: int, headers: Mapping[str, str], body: str) -> None:
    """Keep what the request is answered, to be committed with what it did."""
    row.status, row.headers, row.body = status, dict(headers), body


def forget_answers(session: Session, *, now: datetime) -> int:
    """Delete the answers that are kept no longer, and return how many these were."""
    gone = session.execute(delete(IdempotentAnswer).where(IdempotentAnswer.created_at < now - KEPT))
    return gone.rowcount if isinstance(gone, CursorResult) else 0


def _insert(session: Session, *, account_id: str, key: str, request_sha256: str, now: datetime) -> bool:
    values = {
        "id": new_id(), "account_id": account_id, "key": key, "request_sha256": request_sha256, "status": 0,
        "headers": {}, "body": "", "created_at": now,
    }  # fmt: skip
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    try:
        made = session.execute(
            insert(IdempotentAnswer)
            .values(values)
            .on_conflict_do_nothing(index_elements=["account_id", "key"])
            .returning(IdempotentAnswer.id)
        )
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCK_TIMEOUT:
            raise
        raise StillInProgress(N_("The same request is still being worked on. Wait a moment and repeat it.")) from error
    return made.first() is not None
