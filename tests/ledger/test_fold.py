"""What counts after each leaf."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from judging.domain.ledger.leaf_types import (
    Award,
    Close,
    Comparison,
    Disqualify,
    Extend,
    Override,
    Publish,
    Recuse,
    Reopen,
    Vote,
    Withdraw,
)
from judging.domain.ledger.leaves import read_leaf
from judging.domain.structure import digest
from judging.domain.values import Grant
from tests.domain.builders import plain_rubric
from tests.ledger.cases import DECIDED, HIGH, LOW, NOTE, ONE, TWO, A, B, C, counted, refused, rules, sheet
from tests.ledger.log_maker import HASH, LogMaker


def test_latest_version_counts(log: LogMaker) -> None:
    log.sheet("first", ONE, A, LOW)
    log.sheet("first", TWO, A, LOW)
    latest = log.sheet("first", ONE, A, HIGH)

    assert counted(log) == {(ONE, A): 30, (TWO, A): 10}
    assert log.fold.book.latest(read_leaf(log.leaves[latest])) == latest
    assert log.fold.sheets == 3


def test_abstention_does_not_count(log: LogMaker) -> None:
    log.sheet("first", ONE, A, LOW)
    log.sheet("first", ONE, A, {}, abstain=True)

    assert counted(log) == {}


def test_recusal_strikes_the_sheets_of_open_rounds_only(log: LogMaker) -> None:
    log.sheet("first", ONE, A, LOW)
    log.sheet("first", TWO, A, LOW)
    log.close_round("first")
    log.assign("final", [(ONE, A), (TWO, A)])
    log.sheet("final", ONE, A, HIGH)
    log.add(Recuse(judge=ONE, entry=A, reason_sha256=HASH))

    assert counted(log) == {(ONE, A): 10, (TWO, A): 10}
    assert counted(log, "final") == {}
    assert "recused" in refused(log, sheet(round="final", ver=2, supersedes=log.sheets["final", ONE, A]))


def test_recused_judge_scores_again_only_when_assigned_anew(log: LogMaker) -> None:
    log.add(Recuse(judge=ONE, entry=A, reason_sha256=HASH))
    assert "recused" in refused(log, sheet())
    log.fold.size -= 1

    log.assign("first", [(ONE, A)])
    log.sheet("first", ONE, A, LOW)
    assert counted(log) == {(ONE, A): 10}


def test_override_excludes_or_gives_other_marks_until_the_next_version(log: LogMaker) -> None:
    first = log.sheet("first", ONE, A, LOW)
    second = log.sheet("first", TWO, A, LOW)
    log.add(Override(target=first, exclude=True, **DECIDED))
    log.add(Override(target=second, scores=HIGH, **DECIDED))
    assert counted(log) == {(TWO, A): 30}
    assert not log.fold.book.counts(read_leaf(log.leaves[first]))
    assert log.fold.book.counts(read_leaf(log.leaves[second]))

    log.sheet("first", ONE, A, LOW)
    log.sheet("first", TWO, A, LOW)
    assert counted(log) == {(ONE, A): 10, (TWO, A): 10}
    assert "no standing sheet" in refused(log, Override(target=first, exclude=True, **DECIDED))
    assert [index for index, _ in log.fold.noted] == [4, 5]


def test_later_override_of_the_same_version_counts_in_place_of_the_earlier(log: LogMaker) -> None:
    first = log.sheet("first", ONE, A, LOW)
    second = log.sheet("first", TWO, A, LOW)
    log.add(Override(target=first, exclude=True, **DECIDED))
    log.add(Override(target=first, scores=HIGH, **DECIDED))
    log.add(Override(target=second, scores=HIGH, **DECIDED))
    log.add(Override(target=second, exclude=True, **DECIDED))

    assert counted(log) == {(ONE, A): 30}


def test_override_keeps_a_consensus_sheet_one(log: LogMaker) -> None:
    index = log.sheet("first", ONE, A, LOW, consensus=True)
    log.add(Override(target=index, scores=HIGH, **DECIDED))

    assert [one.consensus for one in log.fold.tally().ballots["first"]] == [True]


def test_override_of_a_sheet_that_does_not_count_gives_no_marks(log: LogMaker) -> None:
    index = log.sheet("first", ONE, A, LOW)
    log.add(Recuse(judge=ONE, entry=A, reason_sha256=HASH))

    assert "does not count" in refused(log, Override(target=index, scores=HIGH, **DECIDED))


@pytest.mark.parametrize("removal", [Withdraw, Disqualify])
def test_entry_taken_out_is_out_of_play_with_its_prizes(log: LogMaker, removal: Any) -> None:
    log.sheet("first", ONE, A, LOW)
    log.add(Award(entry=A, level="first", by="o-0001", approved_by="c-0001"))
    log.add(removal(entry=A, **DECIDED))

    tally = log.fold.tally()
    assert sorted(tally.entries) == [B, C]
    assert tally.prizes == ()
    assert "taken out" in refused(log, sheet(judge=TWO))


def test_vote_on_a_tie_orders_the_entries(log: LogMaker) -> None:
    order = {"round": "first", "order": [B, A, C]}
    log.add(Vote(subject="tie", outcome=order, counts={}, minutes_sha256=HASH))
    log.add(Vote(subject="tie", outcome={**order, "order": [A, B]}, counts={}, minutes_sha256=HASH))
    log.add(Vote(subject="award", outcome={"entry": A, "given": True}, counts={}, minutes_sha256=HASH))

    assert log.fold.tally().votes == {"first": {A: 2, B: 1, C: 1}}


def test_round_takes_no_sheets_once_closed_and_some_again_once_reopened(log: LogMaker) -> None:
    log.sheet("first", ONE, A, LOW)
    log.close_round("first")
    assert "closed" in refused(log, sheet(entry=B))
    log.fold.size -= 1

    log.add(Reopen(round="first", reason_sha256=HASH, prev_checkpoint=NOTE))
    log.sheet("first", ONE, B, HIGH)
    log.close_round("first")
    assert log.advance("first") == (B, A)
    assert log.fold.tally().advanced == {"first": (B, A)}


def test_nothing_counts_after_the_closing_until_it_is_reopened(log: LogMaker) -> None:
    log.sheet("first", ONE, A, LOW)
    log.close([Grant(entry=A, level="first")])
    log.add(Publish(manifest_sha256=HASH, level="public-sheets"))
    for body in (
        sheet(entry=B),
        Award(entry=B, level="first", by="o-0001", approved_by="c-0001"),
        Disqualify(entry=A, **DECIDED),
        Extend(what="first", old="1", new="2", by="o-0001"),
        Close(sheets=1, ranking_sha256=HASH, inputs=len(log.leaves)),
    ):
        assert "after the closing" in refused(log, body)
        log.fold.size -= 1

    log.add(Reopen(reason_sha256=HASH, prev_checkpoint=NOTE))
    assert log.fold.tally().prizes == ()
    log.sheet("first", ONE, B, LOW)
    log.close()
    assert log.fold.closing is not None


def test_comparisons_are_noticed(log: LogMaker) -> None:
    assert not log.fold.compared
    log.add(Comparison(round="first", judge=ONE, left=A, right=B, outcome="left", ver=1))
    assert log.fold.compared


def test_erased_leaf_may_be_a_version_that_others_follow(log: LogMaker) -> None:
    log.fold.add(None)
    log.leaves.append(b"")
    log.tree.append(b"")
    log.add(sheet(ver=2, supersedes=2))
    log.add(Override(target=2, exclude=True, **DECIDED))
    log.close()
    assert log.fold.book.erased == {2}


def test_missing_sheets_are_counted_for_entries_in_play(log: LogMaker) -> None:
    assert log.fold.book.missing(log.plan) == 6
    log.sheet("first", ONE, A, LOW)
    log.add(Withdraw(entry=C, **DECIDED))
    assert log.fold.book.missing(log.plan) == 3


def test_sheets_before_an_amendment_are_held_against_the_rules_of_then(log: LogMaker) -> None:
    before = rules()
    log.sheet("first", ONE, A, LOW)
    rubric = replace(plain_rubric(), total=Decimal(50))
    log.amend(replace(before, rounds=(replace(before.rounds[0], rubric=rubric), before.rounds[1])))
    assert "another rubric" in refused(log, sheet(entry=B))
    log.fold.size -= 1
    log.add(sheet(entry=B, rubric=digest(rubric)))
    assert set(counted(log)) == {(ONE, A), (ONE, B)}


def test_rules_that_are_not_at_hand_leave_marks_as_they_are(log: LogMaker) -> None:
    log.all_rules.clear()
    blind = LogMaker(rules=rules(), boards={})
    blind.all_rules.clear()
    blind.open()
    blind.add(sheet(scores={"anything": "999999.5"}))
    assert blind.fold.rules is None
    assert blind.fold.tally().ballots["first"][0].marks == {"anything": Decimal("999999.5")}
