"""The proof in the answer to a submission: one and the same wherever and whenever it is asked for."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from judging.composition import create_web, open_notary
from judging.db.models import Assignment, LogLeaf, SheetVersion
from judging.domain.ledger.receipts import Receipt, verify_receipt
from judging.notary.memory import CheckpointFile
from judging.services.access.api_tokens import make_token
from judging.services.score_log.keeper import keep_logs, keeper_of
from judging.services.score_log.receipts import find_sheet_leaf, make_receipt
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, add_colleague, make_case
from tests.web.api.programs import Program

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from judging.db.session import Database
    from judging.services.platform import Platform

BODY = {"marks": WHOLE, "comments": COMMENTS, "comment": COMMENT, "state": "submitted"}
KEY = '"8e03978e-40d5-43e8-bc93-6894a57f9324"'


@pytest.fixture
def judges(platform: Platform) -> list[tuple[str, Program]]:
    """Judges of one contest, each with the address of a sheet."""
    app = create_web(platform)
    found = []
    with platform.database.writing() as session:
        first = make_case(session, platform.registry)
        for case in (first, *(add_colleague(session, first) for _ in range(4))):
            made = make_token(session, account=case.account, name="t", scopes=["read", "judge"], now=datetime.now(UTC))
            found.append((f"/assignments/{case.assignment.id}", Program(client=app.test_client(), token=made.text)))
    return found


def submit(judge: tuple[str, Program], key: str = KEY) -> TestResponse:
    path, program = judge
    return program.put(f"{path}/sheet", BODY, Idempotency_Key=key, If_None_Match="*")


def stored_receipt(database: Database, path: str) -> bytes:
    with database.reading() as session:
        version = session.query(SheetVersion).filter_by(assignment_id=path.rsplit("/", 1)[-1]).one()
        leaf = find_sheet_leaf(session, version.id)
        assert leaf is not None
        return bytes(make_receipt(session, leaf))


def test_answer_carries_the_receipt_that_can_be_had_later(
    platform: Platform, judges: list[tuple[str, Program]]
) -> None:
    for judge in judges:
        answer = submit(judge)

        told: dict[str, Any] = answer.get_json()["receipt"]
        assert answer.status_code == 201
        receipt = Receipt.parse(told["proof"].encode())
        assert (receipt.index, receipt.code) == (told["index"], told["code"])
        with platform.database.reading() as session:
            key = keeper_of(session).notary.verifier(told["log"])
        assert verify_receipt(receipt, [key]).size == told["index"] + 1
        assert stored_receipt(platform.database, judge[0]) == told["proof"].encode()
        assert judge[1].get(f"{judge[0]}/receipt").data == told["proof"].encode()


def test_repeated_request_gets_the_same_bytes_whatever_happened_since(
    platform: Platform, judges: list[tuple[str, Program]]
) -> None:
    first = submit(judges[0])
    at_once = submit(judges[0])
    for judge in judges[1:]:
        assert submit(judge).status_code == 201
    later = submit(judges[0])
    # A process that starts anew signs it again, and the same.
    elsewhere = replace_process(platform, judges[0])

    assert {one.status_code for one in (first, at_once, later, elsewhere)} == {201}
    assert first.data == at_once.data == later.data == elsewhere.data
    assert first.headers["ETag"] == later.headers["ETag"]
    with platform.database.reading() as session:
        assert session.query(LogLeaf).filter(LogLeaf.subject_id.is_not(None)).count() == len(judges)


def replace_process(platform: Platform, judge: tuple[str, Program]) -> TestResponse:
    database = type(platform.database)(platform.database.engine)
    keep_logs(database, notary=open_notary(platform.settings), registry=platform.registry)
    app = create_web(replace(platform, database=database))
    return submit((judge[0], replace(judge[1], client=app.test_client())))


def test_sheet_is_recorded_though_no_checkpoint_can_be_kept_and_its_proof_comes_later(
    platform: Platform, judges: list[tuple[str, Program]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk of the keys is full: the sheet stands, nothing is promised, and the promise is made up for."""

    def full(_file: CheckpointFile, _lines: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(CheckpointFile, "_store", full)
        answer = submit(judges[0])
        assert answer.status_code == 201
        assert answer.get_json()["receipt"].get("proof") is None
    with platform.database.reading() as session:
        assert session.get_one(Assignment, judges[0][0].rsplit("/", 1)[-1]).state == "submitted"

    repeated = submit(judges[0])

    assert repeated.get_json()["receipt"]["proof"].encode() == stored_receipt(platform.database, judges[0][0])
    assert json.loads(answer.data)["receipt"]["index"] == repeated.get_json()["receipt"]["index"]
