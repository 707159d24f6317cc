"""A new epoch holds what was left of the old one, and says what it continues."""

from __future__ import annotations

from pathlib import Path

import pytest

from judging.domain.ledger.canonical import sha256_hex
from judging.domain.ledger.epochs import carry_over
from judging.domain.ledger.faults import Exit, LeafError
from judging.domain.ledger.leaf_types import Close, Override, Publish
from judging.domain.ledger.leaves import leaf_bytes, read_leaf
from judging.domain.ledger.merkle import MemoryTree, leaf_hash
from judging.domain.ledger.recount import recount
from tests.ledger.bundles import check, exits
from tests.ledger.cases import DECIDED, HIGH, LOW, ONE, A, B
from tests.ledger.conftest import KINDS, kind_rules
from tests.ledger.examples import small
from tests.ledger.log_maker import HASH, LogMaker
from tests.ledger.played import play

LATER = "2026-12-01T00:00:00.000Z"


def next_epoch(old: LogMaker, size: int) -> LogMaker:
    """The first `size` leaves were left by a restore; the outside world holds the checkpoint of all."""
    new = LogMaker(rules=old.all_rules[0], boards=old.boards, epoch=2, plan=old.plan)
    new.all_rules, new.judges, new.rules = old.all_rules, old.judges, old.rules
    kept = carry_over(old.leaves[:size], t=LATER, reason_sha256=HASH, prev_checkpoint=old.checkpoint().decode())
    for data in kept:
        leaf = read_leaf(data)
        new.fold.add(leaf)
        if leaf.get("event") == "advanced":
            new.fold.advanced[leaf["round"]] = old.fold.advanced[leaf["round"]]
        new.leaves.append(data)
    new.tree = MemoryTree([leaf_hash(data) for data in new.leaves])
    return new


@pytest.mark.parametrize("kind", KINDS)
def test_new_epoch_counts_as_the_old_one_did(tmp_path: Path, kind: str) -> None:
    old = play(kind_rules(kind), 6, entries=12)
    new = next_epoch(old, len(old.leaves))
    new.ranking = old.ranking

    assert [read_leaf(data)["type"] for data in new.leaves[:2]] == ["open", "restored"]
    assert recount(new.rules, new.fold.tally()).ranking == old.ranking
    receipts = [old.receipt(index) for index in old.sheets.values()][:20]
    keys = [new.key.verifier, old.key.verifier]
    assert check(new.write(tmp_path / "bundle"), new, receipts=receipts, keys=keys).code is Exit.OK


def test_receipts_of_what_was_lost_are_missing(tmp_path: Path) -> None:
    """Backed up at leaf 5; judging went on to leaf 7; then the backup was restored."""
    old = small()
    new = next_epoch(old, 5)
    new.plan = {"first": old.plan["first"]}
    new.leaves.append(leaf_bytes(Override(target=3, exclude=True, **DECIDED), contest=new.contest, t=LATER))
    new.fold.add(read_leaf(new.leaves[-1]))
    new.tree.append(leaf_hash(new.leaves[-1]))
    receipts = [old.receipt(index) for index in (2, 3, 4, 5, 6)]
    _close_later(new)
    keys = [new.key.verifier, old.key.verifier]
    outcome = check(new.write(tmp_path / "bundle"), new, receipts=receipts, keys=keys)

    assert outcome.code is Exit.RECEIPT
    assert [step.code for step in outcome.steps if step.name == "receipt"] == [Exit.OK] * 3 + [Exit.RECEIPT] * 2
    assert exits(outcome)["ranking"] is Exit.OK


def _close_later(log: LogMaker) -> None:
    log.ranking = recount(log.rules, log.fold.tally()).ranking
    body = Close(sheets=log.fold.sheets, ranking_sha256=sha256_hex(log.ranking), inputs=len(log.leaves))
    log.leaves.append(leaf_bytes(body, contest=log.contest, t=LATER))
    log.fold.add(read_leaf(log.leaves[-1]))
    log.tree.append(leaf_hash(log.leaves[-1]))


def test_publications_are_left_behind_and_what_names_leaves_follows_them() -> None:
    old = small()
    old.close()
    old.add(Publish(manifest_sha256=HASH, level="public-sheets"))
    new = next_epoch(old, len(old.leaves))

    assert len(new.leaves) == len(old.leaves)
    assert new.fold.closing is not None
    assert [read_leaf(data)["type"] for data in new.leaves].count("publish") == 0


def test_versions_and_overrides_name_the_new_places() -> None:
    old = LogMaker(rules=small().rules, boards={A: ("a", None), B: ("a", None)})
    old.open([ONE])
    old.assign("first", [(ONE, A), (ONE, B)])
    first = old.sheet("first", ONE, A, LOW)
    old.sheet("first", ONE, A, HIGH)
    old.add(Override(target=old.sheet("first", ONE, B, LOW), exclude=True, **DECIDED))
    new = [read_leaf(data) for data in next_epoch(old, len(old.leaves)).leaves]

    assert (new[4]["supersedes"], new[6]["target"]) == (first + 1, 5)
    assert {leaf["t"] for leaf in new} == {LATER}


def test_leaf_that_follows_an_erased_one_cannot_be_recorded_anew() -> None:
    old = LogMaker(rules=small().rules, boards={A: ("a", None)})
    old.open([ONE])
    old.assign("first", [(ONE, A)])
    first = old.sheet("first", ONE, A, LOW)
    old.sheet("first", ONE, A, HIGH)
    leaves = [b"" if index == first else leaf for index, leaf in enumerate(old.leaves)]

    with pytest.raises(LeafError, match="erased"):
        list(carry_over(leaves, t=LATER, reason_sha256=HASH, prev_checkpoint="x"))
