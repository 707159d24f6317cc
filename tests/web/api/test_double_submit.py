"""A sheet that is sent fifty times at once is one sheet; of fifty that contradict each other one is."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from judging.db.models import IdempotentAnswer, SheetVersion
from judging.services.access.api_tokens import make_token
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, WHOLE_TOTAL, make_case
from tests.web.api.served import Request, send_at_once, served

if TYPE_CHECKING:
    from pathlib import Path

    from judging.services.platform import Platform

CLIENTS = 50
BODY = {"marks": WHOLE, "comments": COMMENTS, "comment": COMMENT, "state": "submitted"}


def make_sheet(platform: Platform) -> tuple[str, str]:
    """The address of a sheet that is open to its judge, and the judge's token."""
    with platform.database.writing() as session:
        case = make_case(session, platform.registry)
        made = make_token(session, account=case.account, name="phone", scopes=["judge"], now=datetime.now(UTC))
        return case.assignment.id, made.text


def submission(sheet: tuple[str, str], key: str) -> Request:
    headers = {"Authorization": f"Bearer {sheet[1]}", "Idempotency-Key": f'"{key}"', "If-None-Match": "*"}
    return Request(method="PUT", path=f"/api/v1/assignments/{sheet[0]}/sheet", headers=headers, body=BODY)


def versions(platform: Platform, sheet: tuple[str, str]) -> list[int]:
    """The numbers of the versions that are stored of the sheet."""
    with platform.database.reading() as session:
        return [one.number for one in session.query(SheetVersion).filter_by(assignment_id=sheet[0])]


def test_fifty_submissions_at_once_are_one_sheet(platform: Platform, tmp_path: Path) -> None:
    identical, contradicting = make_sheet(platform), make_sheet(platform)
    with served(platform.settings, tmp_path / "log") as port:
        same = send_at_once(port, [submission(identical, "8e03978e-40d5-43e8-bc93-6894a57f9324")] * CLIENTS)
        other = send_at_once(port, [submission(contradicting, str(uuid4())) for _ in range(CLIENTS)])

    assert Counter(reply.status for reply in same) == {201: CLIENTS}
    assert len(set(same)) == 1
    receipt = json.loads(same[0].body)["receipt"]
    assert (receipt["version"], receipt["total"]) == (1, WHOLE_TOTAL)
    assert versions(platform, identical) == [1]

    assert Counter(reply.status for reply in other) == {201: 1, 412: CLIENTS - 1}
    won = next(reply for reply in other if reply.status == 201)
    lost = [reply for reply in other if reply.status == 412]
    assert {reply.etag for reply in lost} == {won.etag}
    assert {json.loads(reply.body)["current"]["receipt"]["code"] for reply in lost} == {
        json.loads(won.body)["receipt"]["code"]
    }
    assert versions(platform, contradicting) == [1]
    with platform.database.reading() as session:
        # A refused request leaves its key free.
        assert session.query(IdempotentAnswer).count() == 2
