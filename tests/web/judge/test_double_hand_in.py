"""T18 at the device's address: handed in fifty times at once, a sheet is one sheet, and of fifty others one is."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import func, select

from judging.composition import create_web
from judging.db.models import IdempotentAnswer, LogLeaf, SheetVersion
from judging.domain.structure import digest
from judging.services.access.sign_in import open_session
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, make_case
from tests.web.api.served import Request, send_at_once, served
from tools.bench.clients import browser, cookies_of, csrf_token

if TYPE_CHECKING:
    from pathlib import Path

    from judging.services.platform import Platform

CLIENTS = 50
FIELDS = {
    **{f"m-{key}": text for key, text in WHOLE.items()}, **{f"c-{key}": text for key, text in COMMENTS.items()},
    "comment": COMMENT,
}  # fmt: skip


class Device:
    """A judge's device before the sheet of one entry, signed in, with what it has typed."""

    def __init__(self, platform: Platform) -> None:
        with platform.database.writing() as session:
            case = make_case(session, platform.registry)
            token = open_session(session, account=case.account, device="phone", now=datetime.now(UTC))
            self.assignment, self.rubric = case.assignment.id, digest(case.judged.rubric)
        client = browser(create_web(platform))
        with client.session_transaction() as held:
            held["_user_id"], held["_fresh"] = token, True
        self.token = csrf_token(client, "/account")
        self.cookie = cookies_of(client)

    def request(self, key: str, **changed: str) -> Request:
        """What it sends once there is a network; every copy started from the empty sheet."""
        body: dict[str, Any] = {
            "fields": {**FIELDS, **changed}, "base": {}, "sent": [], "rubric": self.rubric, "language": "vi",
        }  # fmt: skip
        headers = {
            "Cookie": self.cookie, "X-CSRFToken": self.token, "Idempotency-Key": key, "Accept": "application/json",
        }  # fmt: skip
        return Request(method="PUT", path=f"/judge/sheets/{self.assignment}/hand-in", headers=headers, body=body)


def _stored(platform: Platform, device: Device) -> tuple[list[int], int]:
    """The numbers of the stored versions, and how many leaves of the score log record one of them."""
    with platform.database.reading() as session:
        found = session.scalars(select(SheetVersion).where(SheetVersion.assignment_id == device.assignment)).all()
        asked = select(func.count()).select_from(LogLeaf).where(LogLeaf.subject_id.in_([one.id for one in found]))
        return [one.number for one in found], session.scalar(asked) or 0


def test_fifty_hand_ins_at_once_are_one_sheet(platform: Platform, tmp_path: Path) -> None:
    identical, contradicting = Device(platform), Device(platform)
    with served(platform.settings, tmp_path / "log") as port:
        same = send_at_once(port, [identical.request(str(uuid4()))] * CLIENTS)
        other = send_at_once(
            port, [contradicting.request(str(uuid4()), comment=f"{COMMENT} {one}") for one in range(CLIENTS)]
        )

    assert Counter(reply.status for reply in same) == {201: CLIENTS}
    assert len(set(same)) == 1
    assert _stored(platform, identical) == ([1], 1)

    assert Counter(reply.status for reply in other) == {201: 1, 412: CLIENTS - 1}
    receipt = json.loads(next(reply for reply in other if reply.status == 201).body)["receipt"]
    told = [json.loads(reply.body)["current"] for reply in other if reply.status == 412]
    # Each that came too late is shown the one sheet that stands, with its receipt.
    assert {one["receipt"]["code"] for one in told} == {receipt["code"]}
    assert len({json.dumps(one["fields"], sort_keys=True) for one in told}) == 1
    assert _stored(platform, contradicting) == ([1], 1)
    with platform.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(IdempotentAnswer)) == 2
