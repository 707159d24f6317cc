"""A process dies anywhere between the request and its answer: the repeated request finds one leaf, or makes one."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from judging.composition import open_notary
from judging.db.models import IdempotentAnswer, LogHead, LogLeaf, SheetVersion
from judging.domain.ledger.receipts import Receipt, verify_receipt
from judging.services.access.api_tokens import make_token
from judging.services.score_log.tree import read_nodes
from judging.services.upkeep.checks.score_log import check_recorded_sheets, check_score_logs
from tests.score_log.crashing import DIED, POINTS
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, add_colleague, make_case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from judging.services.platform import Platform

BODY = {"marks": WHOLE, "comments": COMMENTS, "comment": COMMENT, "state": "submitted"}
ROOT = Path(__file__).parents[2]
# The work of these was committed before the process died.
STORED = ("after the commit", "after signing", "before the answer")


class Crasher:
    """A running program of crashing.py."""

    def __init__(self, process: subprocess.Popen[str], platform: Platform) -> None:
        self.process, self.platform = process, platform

    def submit(self, sheet: tuple[str, str], key: str, point: str = "") -> dict[str, Any]:
        settings = self.platform.settings
        url = settings.database_url
        environ = {"JUDGING_DATABASE_URL": url} if url.startswith("postgres") else {}
        asked = {
            "data": str(settings.data), "environ": environ, "point": point,
            "sheet": sheet[0], "token": sheet[1], "key": f'"{key}"', "body": BODY,
        }  # fmt: skip
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@pytest.fixture
def crasher(platform: Platform) -> Iterator[Crasher]:
    program = [sys.executable, "-m", "tests.score_log.crashing"]
    with subprocess.Popen(program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Crasher(process, platform)
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def sheets(platform: Platform) -> list[tuple[str, str]]:
    """Sheets of one contest, each with its judge's token."""
    with platform.database.writing() as session:
        first = make_case(session, platform.registry)
        cases = [first, *(add_colleague(session, first) for _ in POINTS[1:])]
        return [
            (
                one.assignment.id,
                make_token(session, account=one.account, name="t", scopes=["judge"], now=datetime.now(UTC)).text,
            )
            for one in cases
        ]


def stored(platform: Platform, sheet: str) -> tuple[int, int, int]:
    """How many leaves, versions and kept answers there are of a sheet."""
    with platform.database.reading() as session:
        versions = [one.id for one in session.query(SheetVersion).filter_by(assignment_id=sheet)]
        leaves = session.query(LogLeaf).filter(LogLeaf.subject_id.in_(versions)).count()
        answers = session.query(IdempotentAnswer).filter_by(key=f"key-{sheet}").count()
        return leaves, len(versions), answers


def promised(platform: Platform) -> None:
    """A new process finds that the database holds all that was ever signed."""
    with platform.database.reading() as session:
        head = session.query(LogHead).one()
        open_notary(platform.settings).check(
            head.origin, size=head.size, root=bytes(head.root), read=read_nodes(session, head.id)
        )


def test_sheet_is_recorded_once_wherever_the_process_dies(
    platform: Platform, crasher: Crasher, sheets: list[tuple[str, str]]
) -> None:
    for point, sheet in zip(POINTS, sheets, strict=True):
        key = f"key-{sheet[0]}"
        assert crasher.submit(sheet, key, point) == {"ended": DIED}, point
        count = int(point in STORED)
        assert stored(platform, sheet[0]) == (count, count, count), point
        promised(platform)

        first, again = crasher.submit(sheet, key), crasher.submit(sheet, key)

        assert (first["ended"], first["status"]) == (0, 201), (point, first)
        assert first == again
        assert stored(platform, sheet[0]) == (1, 1, 1), point
        promised(platform)
        told = json.loads(first["body"])["receipt"]
        receipt = Receipt.parse(told["proof"].encode())
        verify_receipt(receipt, [open_notary(platform.settings).verifier(told["log"])])
    with platform.database.reading() as session:
        assert check_score_logs(session).problems == ()
        assert check_recorded_sheets(session).problems == ()
