"""What the log promised outside the bundle: receipts it must honour, checkpoints it must continue."""

from __future__ import annotations

from pathlib import Path

import pytest

from judging.domain.ledger.checkpoints import Checkpoint, sign_checkpoint
from judging.domain.ledger.faults import Exit
from judging.domain.ledger.leaf_types import Disqualify, Override, Publish, Reopen
from judging.domain.ledger.notes import sign_note
from tests.ledger.bundles import check, failing, told
from tests.ledger.cases import DECIDED, HIGH, LOW, ONE, TWO, A, B, C, rules
from tests.ledger.examples import played, small
from tests.ledger.log_maker import HASH, LogMaker, signing_key


def test_receipts_are_honoured(tmp_path: Path) -> None:
    log = small()
    log.close()
    receipts = [log.receipt(index, size) for index, size in ((2, 3), (3, 9), (0, 1), (len(log.leaves) - 1, None))]
    outcome = check(log.write(tmp_path / "bundle"), log, receipts=receipts)

    assert outcome.code is Exit.OK
    assert [str(step.told).split(": ")[1] for step in outcome.steps if step.name == "receipt"] == [
        "the sheet of j-0001 on e-000a (first) is leaf 2, and it counts.",
        "the sheet of j-0001 on e-000b (first) is leaf 3, and it counts.",
        "recorded as leaf 0.",
        "recorded as leaf 13.",
    ]


def test_receipt_of_a_sheet_that_was_set_aside_is_honoured_and_says_so(tmp_path: Path) -> None:
    log = small()
    log.add(Override(target=2, exclude=True, **DECIDED))
    log.close()
    outcome = check(log.write(tmp_path / "bundle"), log, receipts=[log.receipt(2)])

    assert outcome.code is Exit.OK
    assert next(str(step.told) for step in outcome.steps if step.name == "receipt").endswith("it was set aside.")


def test_receipt_of_a_version_that_was_superseded_needs_the_later_one(tmp_path: Path) -> None:
    log = LogMaker(rules=rules(), boards={A: ("a", None)})
    log.open([ONE])
    log.assign("first", [(ONE, A)])
    first, second = log.sheet("first", ONE, A, LOW), log.sheet("first", ONE, A, HIGH)
    log.close()
    bundle = log.write(tmp_path / "bundle")

    outcome = check(bundle, log, receipts=[log.receipt(first)])
    assert (outcome.code, failing(outcome)) == (Exit.RECEIPT, ["receipt"])
    assert "later version" in told(outcome)
    assert check(bundle, log, receipts=[log.receipt(first), log.receipt(second)]).code is Exit.OK


def test_receipt_of_a_leaf_that_the_log_lost_ends_with_4(tmp_path: Path) -> None:
    """The database was restored to an older state, and judging went on from there."""
    long, short = small(), small()
    receipt = long.receipt(long.add(Disqualify(entry=A, **DECIDED)))
    short.close()

    outcome = check(short.write(tmp_path / "bundle"), short, receipts=[receipt])
    assert (outcome.code, failing(outcome)) == (Exit.RECEIPT, ["receipt"])
    assert "is another one" in told(outcome)


def test_receipt_beyond_the_end_of_the_log_ends_with_4(tmp_path: Path) -> None:
    long, short = small(), LogMaker(rules=rules(), boards={})
    short.open([])
    short.close()
    outcome = check(short.write(tmp_path / "bundle"), short, receipts=[long.receipt(5)])
    assert (outcome.code, "ends before" in told(outcome)) == (Exit.RECEIPT, True)


def test_receipt_of_a_fork_ends_with_4_though_its_leaf_is_there(tmp_path: Path) -> None:
    log, fork = small(), small()
    fork.add(Disqualify(entry=A, **DECIDED))
    log.close()
    outcome = check(log.write(tmp_path / "bundle"), log, receipts=[fork.receipt(2)])
    assert (outcome.code, "had other leaves" in told(outcome)) == (Exit.RECEIPT, True)


def test_receipt_newer_than_the_bundle_is_compared_by_its_leaf(tmp_path: Path) -> None:
    log = small()
    size = log.close() + 1
    log.add(Publish(manifest_sha256=HASH, level="public-sheets"))
    outcome = check(log.write(tmp_path / "bundle", size=size), log, receipts=[log.receipt(2)])
    assert (outcome.code, "newer than the bundle" in str(outcome.notes[0])) == (Exit.OK, True)


@pytest.mark.parametrize("place", [3, 40, 700, -100, -3])
def test_receipt_with_a_byte_changed_ends_with_4(tmp_path: Path, place: int) -> None:
    receipt = bytearray(played().receipt(20))
    receipt[place] ^= 1
    bundle = played().write(tmp_path / "bundle")
    assert check(bundle, played(), receipts=[bytes(receipt)]).code is Exit.RECEIPT


def test_receipts_of_an_earlier_epoch_are_looked_for_by_what_they_say(tmp_path: Path) -> None:
    old = small()
    new = LogMaker(rules=rules(), boards=old.boards, epoch=2)
    new.open([ONE, TWO], prev_checkpoint=old.checkpoint(9).decode())
    new.assign("first", [(judge, entry) for judge in (ONE, TWO) for entry in (A, B, C)])
    new.sheet("first", ONE, A, LOW)
    new.close()
    bundle, keys = new.write(tmp_path / "bundle"), [new.key.verifier, old.key.verifier]

    carried = check(bundle, new, receipts=[old.receipt(2)], keys=keys)
    assert carried.code is Exit.OK
    assert "continues the log" in str(carried.notes[0])
    lost = check(bundle, new, receipts=[old.receipt(3)], keys=keys)
    assert (lost.code, "earlier epoch is missing" in told(lost)) == (Exit.RECEIPT, True)
    assert check(bundle, new, receipts=[old.receipt(2)]).code is Exit.RECEIPT


def test_every_older_checkpoint_is_a_prefix(tmp_path: Path) -> None:
    bundle = played().write(tmp_path / "bundle")
    for size in range(0, len(played().leaves) + 1, 10):
        assert check(bundle, played(), since=played().checkpoint(size)).code is Exit.OK


def test_checkpoint_of_a_fork_of_the_same_size_ends_with_5(tmp_path: Path) -> None:
    log, fork = small(), small()
    log.add(Disqualify(entry=A, **DECIDED))
    fork.add(Disqualify(entry=B, **DECIDED))
    since = fork.checkpoint()
    log.close()
    outcome = check(log.write(tmp_path / "bundle"), log, since=since)
    assert (outcome.code, failing(outcome)) == (Exit.NOT_APPEND_ONLY, ["since"])


def test_checkpoint_of_a_longer_log_ends_with_5(tmp_path: Path) -> None:
    log = small()
    log.close()
    bundle = log.write(tmp_path / "bundle")
    log.add(Publish(manifest_sha256=HASH, level="public-sheets"))
    assert check(bundle, log, since=log.checkpoint()).code is Exit.NOT_APPEND_ONLY


def test_checkpoint_of_another_epoch_ends_with_5_and_an_unsigned_one_with_2(tmp_path: Path) -> None:
    log = small()
    log.close()
    bundle = log.write(tmp_path / "bundle")
    other = signing_key("contest.example/spring-2026/log/2")
    said = Checkpoint(origin=other.name, size=1, root=bytes(32))
    keys = [log.key.verifier, other.verifier]

    assert check(bundle, log, since=sign_checkpoint(said, other), keys=keys).code is Exit.NOT_APPEND_ONLY
    assert check(bundle, log, since=sign_checkpoint(said, other)).code is Exit.SIGNATURE
    assert check(bundle, log, since=b"nothing").code is Exit.SIGNATURE
    forged = sign_note(log.checkpoint(3).decode().split("\n\n")[0] + "\n", [signing_key(log.origin, bytes(32))])
    assert check(bundle, log, since=forged).code is Exit.SIGNATURE


def test_quoted_checkpoint_of_another_state_ends_with_5(tmp_path: Path) -> None:
    log, fork = small(), small()
    fork.add(Disqualify(entry=B, **DECIDED))
    log.close()
    log.add(Reopen(reason_sha256=HASH, prev_checkpoint=fork.checkpoint().decode()))
    log.close()
    outcome = check(log.write(tmp_path / "bundle"), log)
    assert (outcome.code, failing(outcome)) == (Exit.NOT_APPEND_ONLY, ["leaves"])


def test_quoted_checkpoint_of_this_log_is_right(tmp_path: Path) -> None:
    log = small()
    log.close()
    log.add(Reopen(round="final", reason_sha256=HASH, prev_checkpoint=log.checkpoint().decode()))
    log.sheet("final", ONE, B, HIGH)
    log.close_round("final")
    log.close()
    assert check(log.write(tmp_path / "bundle"), log).code is Exit.OK
