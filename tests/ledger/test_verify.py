"""Checking whole bundles: each way in which it can end, and what is told on the way."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from judging.domain.ledger.canonical import sha256_hex
from judging.domain.ledger.faults import Exit
from judging.domain.ledger.leaf_types import Close, Publish, Reopen
from judging.domain.ledger.leaves import leaf_bytes
from judging.domain.ledger.merkle import leaf_hash
from judging.domain.ledger.notes import COSIGNATURE, SigningKey, VerifierKey
from judging.domain.scoring import CORE_AGGREGATORS
from judging.domain.values import Grant
from tests.ledger.bundles import check, failing, told
from tests.ledger.cases import LOW, ONE, TWO, A, C, rules, sheet
from tests.ledger.conftest import KINDS, kind_rules
from tests.ledger.examples import forced, played, read_opening, small
from tests.ledger.log_maker import HASH, LogMaker, signing_key
from tests.ledger.played import play, with_aggregator

Make = Callable[..., Path]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("aggregator", [one.key for one in CORE_AGGREGATORS])
def test_played_contest_is_verified(tmp_path: Path, kind: str, aggregator: str) -> None:
    for seed in (1, 2):
        log = play(with_aggregator(kind_rules(kind), aggregator), seed, entries=12)
        outcome = check(log.write(tmp_path / str(seed)), log)
        assert (outcome.code, failing(outcome)) == (Exit.OK, [])
        assert outcome.facts is not None
        assert outcome.facts.ranking_sha256 == sha256_hex(log.ranking)
        assert outcome.facts.sheets == log.fold.sheets
        assert list(outcome.acts) == log.fold.noted


def test_bundle_may_be_a_zip_file(tmp_path: Path) -> None:
    outcome = check(played().write(tmp_path / "bundle.zip"), played())
    assert [step.name for step in outcome.steps] == ["files", "signature", "tree", "documents", "leaves", "ranking"]
    assert outcome.code is Exit.OK


def test_files_beside_the_bundle_are_named_and_not_looked_at(tmp_path: Path) -> None:
    bundle = played().write(tmp_path / "bundle")
    (bundle / "README.txt").write_text("Read me")
    outcome = check(bundle, played())

    assert outcome.code is Exit.OK
    assert "README.txt" in str(outcome.notes[0])


def test_facts_say_what_the_log_holds(tmp_path: Path) -> None:
    log = small()
    log.close()
    facts = check(log.write(tmp_path / "bundle"), log).facts

    assert facts is not None
    assert (facts.origin, facts.size, facts.sheets, facts.missing, facts.erased) == (log.origin, 14, 7, 1, 0)
    assert [(one.key, one.aggregator, one.sheets, one.entries) for one in facts.rounds] == [
        ("first", "mean", 5, 3), ("final", "mean", 2, 2),
    ]  # fmt: skip


# ---- 2: signatures ----


def test_key_of_another_log_ends_with_2(tmp_path: Path) -> None:
    bundle = played().write(tmp_path / "bundle")
    other = signing_key("contest.example/autumn-2026/log/1").verifier

    outcome = check(bundle, played(), keys=[other])
    assert (outcome.code, failing(outcome)) == (Exit.SIGNATURE, ["signature"])


def test_key_in_the_bundle_proves_nothing(tmp_path: Path) -> None:
    """Somebody else's key under the log's name, in the bundle and on the checkpoint."""
    forger = signing_key(played().origin, bytes(32))
    signed = played().checkpoint(key=forger)
    bundle = played().write(tmp_path / "bundle", checkpoint=signed, log_key=forger.verifier)

    assert check(bundle, played()).code is Exit.SIGNATURE
    assert check(bundle, played(), keys=[forger.verifier]).code is Exit.OK


def test_quoted_checkpoint_that_was_never_signed_ends_with_2(tmp_path: Path) -> None:
    log = small()
    log.close()
    forged = log.checkpoint(5, key=signing_key(log.origin, bytes(32))).decode()
    log.add(Reopen(reason_sha256=HASH, prev_checkpoint=forged))
    log.close()

    outcome = check(log.write(tmp_path / "bundle"), log)
    assert (outcome.code, failing(outcome)) == (Exit.SIGNATURE, ["leaves"])


def test_witness_whose_key_is_given_must_have_signed(tmp_path: Path) -> None:
    witness = SigningKey.generate("witness.example/w1")
    key = VerifierKey(name=witness.name, kind=COSIGNATURE, public=witness.verifier.public)
    both = [played().key.verifier, key]
    assert check(played().write(tmp_path / "alone"), played(), keys=both).code is Exit.SIGNATURE

    text = played().checkpoint().decode().split("\n\n")[0] + "\n"
    stamp = (1_772_388_000).to_bytes(8, "big")
    signature = key.id + stamp + witness.private.sign(f"cosignature/v1\ntime 1772388000\n{text}".encode())
    line = f"— {witness.name} {base64.b64encode(signature).decode()}\n".encode()
    bundle = played().write(tmp_path / "both", checkpoint=played().checkpoint() + line, witness_keys=[key])
    outcome = check(bundle, played(), keys=both)
    assert outcome.code is Exit.OK
    assert witness.name in str(outcome.notes[0])


# ---- 6: rankings ----


@pytest.mark.parametrize(
    "change",
    [
        lambda plain: plain["rounds"][1]["standings"].reverse(),
        lambda plain: plain["rounds"][0]["standings"][0].update(score="100.000001"),
        lambda plain: plain["rounds"][0]["advanced"].append(C),
        lambda plain: plain["prizes"].append({"board": "", "entry": C, "level": "x"}),
        lambda plain: plain["rounds"][0]["standings"].pop(),
    ],
)
def test_ranking_that_does_not_follow_ends_with_6(tmp_path: Path, change: Any) -> None:
    log = small()
    log.close(ranking=forced(log, change))
    outcome = check(log.write(tmp_path / "bundle"), log)
    assert (outcome.code, failing(outcome)) == (Exit.RANKING, ["ranking"])


def test_round_that_was_closed_with_another_ranking_ends_with_6(tmp_path: Path) -> None:
    log = LogMaker(rules=rules(), boards={A: ("a", None)})
    log.open([ONE])
    log.assign("first", [(ONE, A)])
    log.sheet("first", ONE, A, LOW)
    log._round("first", "closed", HASH)
    log.close()
    outcome = check(log.write(tmp_path / "bundle"), log)
    assert (outcome.code, "leaf 3 holds" in told(outcome)) == (Exit.RANKING, True)


def test_ranking_edited_after_the_closing_ends_with_6(tmp_path: Path) -> None:
    log = small()
    log.close()
    bundle = log.write(tmp_path / "bundle", ranking=log.ranking.replace(b'"rank":1', b'"rank":2', 1))
    assert check(bundle, log).code is Exit.RANKING


def test_prize_against_the_rules_ends_with_6(tmp_path: Path) -> None:
    log = play(kind_rules("startup"), 11, entries=16)
    fresh = LogMaker(rules=log.rules, boards=log.boards)
    fresh.open()
    fresh.close([Grant(entry="e-0001", level="first")])
    outcome = check(fresh.write(tmp_path / "bundle"), fresh)
    assert (outcome.code, "prizes do not follow" in told(outcome)) == (Exit.RANKING, True)


# ---- 7: leaves ----


def signed_as_it_is(log: LogMaker, *leaves: bytes) -> LogMaker:
    """Leaves put into the log past every check, and signed all the same."""
    for leaf in leaves:
        log.leaves.append(leaf)
        log.tree.append(leaf_hash(leaf))
    body = Close(sheets=log.fold.sheets + len(leaves), ranking_sha256=HASH, inputs=len(log.leaves))
    data = leaf_bytes(body, contest=log.contest, t="2027-01-01T00:00:00.000Z")
    log.leaves.append(data)
    log.tree.append(leaf_hash(data))
    return log


def raw(body: Any, **more: Any) -> bytes:
    return leaf_bytes(body, **{"contest": "spring-2026", "t": "2026-12-31T00:00:00.000Z", **more})


@pytest.mark.parametrize(
    ("leaf", "message"),
    [
        (b"{}", "none of this format"),
        (raw(sheet(ver=3, supersedes=2)), "does not follow"),
        (raw(sheet(ver=2, supersedes=2)), "round that was closed"),
        (raw(sheet(), t="2020-01-01T00:00:00.000Z"), "earlier than"),
        (raw(sheet(), contest="autumn-2026"), "another contest"),
        (raw(sheet()).replace(b'"ver":1', b'"ver":1 '), "canonical"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_leaf_that_cannot_stand_ends_with_7(tmp_path: Path, leaf: bytes, message: str) -> None:
    log = signed_as_it_is(small(), leaf)
    outcome = check(log.write(tmp_path / "bundle"), log)
    assert (outcome.code, failing(outcome)) == (Exit.LEAF, ["leaves"])
    assert message in told(outcome)


def test_log_that_does_not_end_with_its_closing_ends_with_7(tmp_path: Path) -> None:
    log = small()
    assert check(log.write(tmp_path / "open"), log).code is Exit.LEAF
    log.close()
    log.add(Publish(manifest_sha256=HASH, level="public-sheets"))
    assert check(log.write(tmp_path / "after"), log).code is Exit.LEAF


def test_sheet_of_a_judge_who_was_not_assigned_ends_with_7(tmp_path: Path) -> None:
    log = LogMaker(rules=rules(), boards={A: ("a", None)})
    log.open([ONE])
    log.assign("first", [(ONE, A)])
    log.sheet("first", TWO, A, LOW)
    log.close()
    outcome = check(log.write(tmp_path / "bundle"), log)
    assert (outcome.code, "not assigned" in told(outcome)) == (Exit.LEAF, True)


def test_assignment_that_cannot_be_read_ends_with_7(tmp_path: Path) -> None:
    log = LogMaker(rules=rules(), boards={})
    body = replace(read_opening(log), assign_sha256=sha256_hex(b"[]"))
    log.add(body)
    log.close()
    outcome = check(log.write(tmp_path / "bundle", assignment=b"[]"), log)
    assert outcome.code is Exit.LEAF
