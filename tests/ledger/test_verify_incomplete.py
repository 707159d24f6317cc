"""Bundles that are consistent and cannot be recounted in full: something was erased, or is not known here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from judging.domain.ledger.canonical import sha256_hex
from judging.domain.ledger.faults import Exit
from judging.domain.ledger.leaf_types import Comparison
from judging.domain.ledger.leaves import read_leaf
from tests.ledger.bundles import check, failing, told
from tests.ledger.cases import LOW, ONE, A, B, rules
from tests.ledger.examples import forced, read_opening, small
from tests.ledger.log_maker import LogMaker


def test_erased_leaf_leaves_the_log_verifiable(tmp_path: Path) -> None:
    """The sheet of one child's entry is erased after publication: the hash stays, the receipt holds."""
    log = small()
    log.close()
    bundle = log.write(tmp_path / "bundle", erase=[4])
    outcome = check(bundle, log, receipts=[log.receipt(4, 5), log.receipt(2)], since=log.checkpoint(6))

    assert (outcome.code, failing(outcome)) == (Exit.NOT_RECOUNTED, ["ranking"])
    assert told(outcome) == "Erased leaves: 1. Of 5 published scores, 5 were computed anew and are equal."
    assert "Leaf 4 was erased (erasure)" in str(outcome.notes[0])
    assert log.leaves[4] not in (bundle / "entries.jsonl").read_bytes()


def test_erasure_hides_no_more_than_it_can(tmp_path: Path) -> None:
    """One erased leaf cannot explain that the scores of all entries differ."""
    log = small()

    def level(plain: dict[str, Any]) -> None:
        for one in plain["rounds"][0]["standings"]:
            one["score"] = "1.000000"

    log.close(ranking=forced(log, level))
    outcome = check(log.write(tmp_path / "bundle", erase=[4]), log)
    assert (outcome.code, failing(outcome)) == (Exit.RANKING, ["ranking"])


def test_every_leaf_but_the_first_and_the_last_may_be_erased(tmp_path: Path) -> None:
    log = small()
    log.close()
    for index in range(1, len(log.leaves) - 1):
        outcome = check(log.write(tmp_path / str(index), erase=[index]), log)
        assert outcome.code in (Exit.NOT_RECOUNTED, Exit.HASH, Exit.LEAF), index
        # Only sheets are ever erased for a person's sake.
        if read_leaf(log.leaves[index])["type"] == "sheet":
            assert outcome.code is Exit.NOT_RECOUNTED, index


def test_aggregator_of_a_plugin_is_consistent_and_not_recounted(tmp_path: Path) -> None:
    known = rules()
    own = replace(known, rounds=(replace(known.rounds[0], aggregator="our-own"),))
    log = LogMaker(rules=own, boards={A: ("a", None)})
    log.open([ONE])
    log.assign("first", [(ONE, A)])
    log.sheet("first", ONE, A, LOW)
    log.close(ranking=b'{"by":"plugin"}')
    outcome = check(log.write(tmp_path / "bundle"), log)
    assert (outcome.code, "our-own" in told(outcome)) == (Exit.NOT_RECOUNTED, True)


def test_tie_break_of_a_plugin_is_consistent_and_not_recounted(tmp_path: Path) -> None:
    log = LogMaker(rules=replace(rules(), tie_breaks=("by-name",)), boards={A: ("a", None)})
    log.open([])
    log.close(ranking=b"{}")
    assert check(log.write(tmp_path / "bundle"), log).code is Exit.NOT_RECOUNTED


def test_comparisons_are_consistent_and_not_recounted(tmp_path: Path) -> None:
    log = small()
    log.add(Comparison(round="final", judge=ONE, left=A, right=B, outcome="left", ver=1))
    log.close()
    assert check(log.write(tmp_path / "bundle"), log).code is Exit.NOT_RECOUNTED


def test_rules_of_before_an_amendment_are_used_where_the_bundle_has_them(tmp_path: Path) -> None:
    log = small()
    log.amend(replace(log.rules, version="2"))
    log.close()

    assert check(log.write(tmp_path / "with"), log).code is Exit.OK
    outcome = check(log.write(tmp_path / "without", earlier_rules=()), log)
    assert (outcome.code, failing(outcome)) == (Exit.NOT_RECOUNTED, ["ranking"])


def test_rules_that_this_version_cannot_read_are_consistent_and_not_recounted(tmp_path: Path) -> None:
    log = LogMaker(rules=rules(), boards={})
    later = b'{"a_later":"version"}'
    body = read_opening(log)
    params = {**body.rule, "params": {"rules_sha256": sha256_hex(later)}}
    log.add(replace(body, rule=params))
    log.close(ranking=b"{}")
    assert check(log.write(tmp_path / "bundle", rules=later), log).code is Exit.NOT_RECOUNTED
