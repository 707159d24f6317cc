"""`judging log`: keys, checkpoints and receipts on the command line."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from judging.domain.ledger.checkpoints import open_checkpoint
from judging.domain.ledger.notes import VerifierKey

Run = Callable[..., Result]
VECTORS = Path(__file__).parent.parent / "ledger" / "vectors"
JUDGED = "technical-innovation-2021"


def test_checkpoint_is_signed_with_the_key_that_is_printed(run: Run, demo_copy: Path) -> None:
    key = VerifierKey.parse(run("log", "vkey", JUDGED, "--data", demo_copy).stdout)

    plain = run("log", "checkpoint", JUDGED, "--data", demo_copy)
    told = json.loads(run("log", "checkpoint", JUDGED, "--json", "--data", demo_copy).stdout)

    found = open_checkpoint(plain.stdout.encode(), key)
    assert told["note"] == plain.stdout
    assert (told["origin"], told["size"], told["epoch"]) == (found.origin, found.size, 1)
    with closing(sqlite3.connect(demo_copy / "judging.db")) as connection:
        sizes = connection.execute("SELECT size FROM log_head WHERE origin = ?", (found.origin,)).fetchone()
    assert sizes == (found.size,)
    as_json = json.loads(run("log", "vkey", JUDGED, "--json", "--data", demo_copy).stdout)
    assert as_json["vkey"] == str(key)


@pytest.mark.parametrize("arguments", [("vkey", "none"), ("checkpoint", "none"), ("vkey", JUDGED, "--epoch", "2")])
def test_log_that_is_not_there_is_told(run: Run, demo_copy: Path, arguments: tuple[str, ...]) -> None:
    answer = run("log", *arguments, "--data", demo_copy)

    assert answer.exit_code == 1
    assert "judging: " in answer.stderr


def test_receipt_is_checked_without_an_installation(run: Run, tmp_path: Path) -> None:
    asked = ("log", "receipt", VECTORS / "receipt-256.tlog-proof", "--vkey", VECTORS / "vkey")

    answer, told = run(*asked), json.loads(run(*asked, "--json").stdout)

    assert answer.exit_code == 0
    assert "VALID. The log contest.example/spring-2026/log/1 signed that it holds this as leaf 256." in answer.stdout
    assert (told["ok"], told["index"], told["leaf"]["type"]) == (True, 256, "sheet")
    assert list(tmp_path.iterdir()) == []


def test_changed_receipt_and_other_key_end_with_4(run: Run, tmp_path: Path) -> None:
    whole = (VECTORS / "receipt-256.tlog-proof").read_bytes()
    (tmp_path / "forged").write_bytes(whole.replace(b"index 256", b"index 255"))
    key = VECTORS / "vkey"

    forged = run("log", "receipt", "forged", "--vkey", key)
    as_json = run("log", "receipt", "forged", "--vkey", key, "--json")
    (tmp_path / "no-key").write_text("nothing", "utf-8")

    assert (forged.exit_code, as_json.exit_code) == (4, 4)
    assert "NOT VALID. " in forged.stdout
    assert json.loads(as_json.stdout)["ok"] is False
    assert run("log", "receipt", "forged", "--vkey", "no-key").exit_code == 64
    assert run("log", "receipt", "forged").exit_code == 64
