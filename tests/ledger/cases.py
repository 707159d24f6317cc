"""Two rounds, two judges and three entries: what the tests of logs are about, and what they ask of one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from judging.domain.ledger.faults import LeafError
from judging.domain.ledger.leaf_types import Sheet
from judging.domain.rules import ContestRules
from judging.domain.structure import digest
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
