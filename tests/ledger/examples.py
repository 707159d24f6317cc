"""Logs that several tests of the check look at."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from judging.domain.ledger.documents import opening
from judging.domain.ledger.recount import recount
from tests.ledger.cases import HIGH, LOW, ONE, TWO, A, B, C, rules
from tests.ledger.conftest import kind_rules
from tests.ledger.log_maker import PLUGINS, LogMaker
from tests.ledger.played import play


@cache
def played() -> LogMaker:
    return play(kind_rules("startup"), 11, entries=16)


def small() -> LogMaker:
    """Two rounds, two judges, three entries: C leaves after the first."""
    log = LogMaker(rules=rules(), boards={A: ("a", None), B: ("a", None), C: ("b", None)})
    log.open([ONE, TWO])
    log.assign("first", [(judge, entry) for judge in (ONE, TWO) for entry in (A, B, C)])
    for judge in (ONE, TWO):
        log.sheet("first", judge, A, LOW)
        log.sheet("first", judge, B, HIGH)
    log.sheet("first", ONE, C, {"novelty": "1", "effect": "2"})
    log.close_round("first")
    log.advance("first")
    log.assign("final", [(ONE, A), (ONE, B)])
    log.sheet("final", ONE, A, HIGH)
    log.sheet("final", ONE, B, LOW)
    log.close_round("final")
    return log


def forced(log: LogMaker, change: Callable[[dict[str, Any]], None]) -> bytes:
    """The ranking as it follows, then changed: signed and closed with, as somebody with the key could do."""
    plain = json.loads(recount(log.rules, log.fold.tally()).ranking)
    change(plain)
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read_opening(log: LogMaker) -> Any:
    return opening(rules=log.rules, judges=[], assignment=log.assignment, plugins=PLUGINS)
