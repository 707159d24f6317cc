"""Which leaves cannot stand where they stand."""

from __future__ import annotations

from typing import Any

import pytest

from judging.domain.ledger.faults import LeafError
from judging.domain.ledger.leaf_types import Award, Close, Override, Reopen, RoundEvent
from judging.domain.ledger.leaves import leaf_bytes, read_leaf
from tests.ledger.cases import DECIDED, LOW, NOTE, ONE, TWO, A, refused, rules, sheet
from tests.ledger.log_maker import HASH, LogMaker


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (sheet(ver=2, supersedes=0), "does not follow"),
        (sheet(round="third"), "round that the rules do not have"),
        (sheet(rubric="0" * 64), "another rubric"),
        (sheet(scores={"novelty": "10"}), "Leaf %(index)s: %(reason)s"),
        (sheet(scores={**LOW, "more": "1"}), "Leaf %(index)s: %(reason)s"),
        (sheet(scores={**LOW, "novelty": "31"}), "Leaf %(index)s: %(reason)s"),
        (sheet(scores={**LOW, "novelty": "10.25"}), "Leaf %(index)s: %(reason)s"),
        (sheet(scores={**LOW, "novelty": "-1"}), "Leaf %(index)s: %(reason)s"),
        (Override(target=0, exclude=True, **DECIDED), "no standing sheet"),
        (Override(target=99, exclude=True, **DECIDED), "no standing sheet"),
        (RoundEvent(round="first", event="advanced", inputs=2, ranking_sha256=HASH), "closed once"),
        (RoundEvent(round="first", event="closed", inputs=1, ranking_sha256=HASH), "does not count"),
        (Close(sheets=1, ranking_sha256=HASH, inputs=2), "does not count"),
        (Close(sheets=0, ranking_sha256=HASH, inputs=1), "does not count"),
        (Reopen(reason_sha256=HASH, prev_checkpoint=NOTE), "was not closed"),
        (Reopen(round="first", reason_sha256=HASH, prev_checkpoint=NOTE), "was not closed"),
    ],
)
def test_leaf_that_cannot_stand_there_is_refused(log: LogMaker, body: Any, told: str) -> None:
    assert told in refused(log, body)


def test_versions_of_a_sheet_follow_each_other_without_a_gap(log: LogMaker) -> None:
    first = log.sheet("first", ONE, A, LOW)
    other = log.sheet("first", TWO, A, LOW)
    for ver, supersedes in ((3, first), (2, other), (2, 0), (2, 99)):
        assert "does not follow" in refused(log, sheet(ver=ver, supersedes=supersedes))
    assert "does not follow" in refused(log, sheet())


def test_round_is_closed_and_advanced_once(log: LogMaker) -> None:
    log.close_round("first")
    event: dict[str, Any] = {"round": "first", "inputs": len(log.leaves), "ranking_sha256": HASH}
    assert "closed once" in refused(log, RoundEvent(event="closed", **event))
    log.fold.size -= 1
    log.advance("first")
    event["inputs"] = len(log.leaves)
    assert "closed once" in refused(log, RoundEvent(event="advanced", **event))


def test_prize_is_given_once(log: LogMaker) -> None:
    log.add(Award(entry=A, level="first", by="o-0001", approved_by="c-0001"))
    assert "prize that it has" in refused(log, Award(entry=A, level="first", by="o-0001", approved_by="c-0001"))


def test_log_begins_with_its_opening_and_has_no_other(log: LogMaker) -> None:
    empty = LogMaker(rules=rules(), boards={})
    assert "begins with" in refused(empty, sheet())
    opening = read_leaf(log.leaves[0])
    with pytest.raises(LeafError):
        log.fold.add(opening)


def test_opening_must_name_the_rules(log: LogMaker) -> None:
    opening = dict(read_leaf(log.leaves[0]))
    opening["rule"] = {**opening["rule"], "params": {}}
    with pytest.raises(LeafError, match="name the rules"):
        LogMaker(rules=rules(), boards={}).fold.add(opening)


def test_time_never_runs_back_and_the_contest_stays(log: LogMaker) -> None:
    for contest, t in (("spring-2026", "2026-03-01T07:59:59.999Z"), ("autumn-2026", "2026-03-01T09:00:00.000Z")):
        with pytest.raises(LeafError):
            log.fold.add(read_leaf(leaf_bytes(sheet(), contest=contest, t=t)))
        log.fold.size -= 1
    same = read_leaf(log.leaves[-1])["t"]
    log.fold.add(read_leaf(leaf_bytes(sheet(), contest="spring-2026", t=same)))


def test_sheets_of_judges_who_were_never_assigned_are_found(log: LogMaker) -> None:
    log.sheet("first", ONE, A, LOW)
    log.fold.book.check_plan(log.plan)
    log.sheet("first", "j-9999", A, LOW)

    with pytest.raises(LeafError, match="not assigned"):
        log.fold.book.check_plan(log.plan)
