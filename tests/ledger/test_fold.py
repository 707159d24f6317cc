"""What counts after each leaf, and which leaves cannot stand where they stand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from judging.domain.ledger.documents import Assignment
from judging.domain.ledger.faults import LeafError
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
    RoundEvent,
    Sheet,
    Vote,
    Withdraw,
)
from judging.domain.ledger.leaves import leaf_bytes, read_leaf
from judging.domain.rules import ContestRules
from judging.domain.structure import digest
from judging.domain.values import Grant
from tests.domain.builders import a_round, plain_rubric, quota, some_rules
from tests.ledger.log_maker import HASH, LogMaker

DECIDED: dict[str, Any] = {"reason_sha256": HASH, "by": "o-0001", "approved_by": "c-0001"}
A, B, C = "e-000a", "e-000b", "e-000c"
ONE, TWO = "j-0001", "j-0002"
NOTE = "contest.example/spring-2026/log/1\n1\nAAAA\n\n— x AAAA\n"
LOW, HIGH = {"novelty": "10", "effect": "20"}, {"novelty": "30", "effect": "70"}


def rules() -> ContestRules:
    first = replace(a_round(), key="first", quota=quota(2))
    return some_rules(rounds=(first, replace(a_round(), key="final")), tie_breaks=("chair-vote",))


@pytest.fixture
def log() -> LogMaker:
    made = LogMaker(rules=rules(), boards={A: ("a", None), B: ("a", None), C: ("b", None)})
    made.open([ONE, TWO])
    made.assign("first", [(judge, entry) for judge in (ONE, TWO) for entry in (A, B, C)])
    return made


def counted(log: LogMaker, round_key: str = "first") -> dict[tuple[str, str], Decimal]:
    """The novelty of every sheet that counts, by judge and entry."""
    ballots = log.fold.tally().ballots.get(round_key, ())
    return {(one.judge, one.entry): one.marks["novelty"] for one in ballots}


def refused(log: LogMaker, body: Any) -> str:
    with pytest.raises(LeafError) as error:
        log.add(body)
    return error.value.message


def sheet(**changes: Any) -> Sheet:
    said: dict[str, Any] = {
        "round": "first", "rubric": digest(plain_rubric()), "judge": ONE, "entry": A, "ver": 1, "scores": LOW,
        "comment_sha256": HASH, **changes,
    }  # fmt: skip
    return Sheet(**said)


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


def test_erased_leaf_may_be_a_version_that_others_follow(log: LogMaker) -> None:
    log.fold.add(None)
    log.leaves.append(b"")
    log.tree.append(b"")
    log.add(sheet(ver=2, supersedes=2))
    log.add(Override(target=2, exclude=True, **DECIDED))
    log.close()
    assert log.fold.book.erased == {2}


def test_sheets_of_judges_who_were_never_assigned_are_found(log: LogMaker) -> None:
    log.sheet("first", ONE, A, LOW)
    log.fold.book.check_plan(log.plan)
    log.sheet("first", "j-9999", A, LOW)

    with pytest.raises(LeafError, match="not assigned"):
        log.fold.book.check_plan(log.plan)


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


def test_assignment_survives_being_written(log: LogMaker) -> None:
    read = Assignment.parse(bytes(log.assignment))
    assert (read.boards, read.plan) == (log.boards, log.plan)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"[]", b'{"entries":{},"format":"contest-assign@v2","rounds":{}}',
        b'{"entries":{"x":{"category":"a","division":null}},"format":"contest-assign@v1","rounds":{}}',
        b'{"entries":{"e-000a":{"category":"a"}},"format":"contest-assign@v1","rounds":{}}',
        b'{"entries":{},"format":"contest-assign@v1","rounds":{"first":{"e-000a":["x"]}}}',
        b'{"entries":{},"format":"contest-assign@v1","rounds":{"first":{"e-000a":"j-0001"}}}',
        b'{"entries":{},"format":"contest-assign@v1","rounds":[]}',
    ],
)  # fmt: skip
def test_what_is_no_assignment_is_refused(data: bytes) -> None:
    with pytest.raises(LeafError):
        Assignment.parse(data)
