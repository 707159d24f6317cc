"""Holding the published ranking against the recount."""

from __future__ import annotations

import json
from typing import Any

from judging.domain.awards import check_grants
from judging.domain.ledger.canonical import sha256_hex
from judging.domain.ledger.faults import LeafError, NotRecountable, RankingError
from judging.domain.ledger.reading import LogRead
from judging.domain.ledger.recount import Standings, differing_scores, recount
from judging.domain.rules import ContestRules
from judging.domain.values import Standing
from judging.errors import N_
from judging.verify.outcome import Told


def check_ranking(read: LogRead, published: bytes) -> Told:
    """Say that the published ranking follows from the log.

    Raises RankingError when it does not, and NotRecountable where that cannot be told in full.
    """
    closing, rules = read.fold.closing, read.fold.rules
    if closing is None or sha256_hex(published) != closing["ranking_sha256"]:
        raise RankingError(N_("The published ranking is not the one that the log was closed with."))
    if read.differs is not None:
        raise read.differs
    if read.unsure is not None:
        raise read.unsure
    if read.fold.book.erased:
        _compare_partly(read, published)
    if read.final is None or rules is None:
        raise NotRecountable(N_("The rules by which it was judged then are not in the bundle."))
    _check_prizes(rules, read, read.final.standings)
    return Told(
        message=N_("The ranking was computed anew from all sheets, and it is the published one, byte for byte."),
    )


def _check_prizes(rules: ContestRules, read: LogRead, standings: Standings) -> None:
    by_round = {key: {one.entry: one for one in places} for key, places in standings.items()}
    last: tuple[Standing, ...] = standings[rules.rounds[-1].key]
    problems = check_grants(rules, last, read.fold.tally().prizes, by_round=by_round)
    if problems:
        first = RankingError(problems[0].message, **problems[0].params)
        raise RankingError(N_("The prizes do not follow the rules: %(reason)s"), reason=first)


def _compare_partly(read: LogRead, published: bytes) -> None:
    """Where leaves were erased: as many entries as there are such leaves may come out differently, and no more."""
    erased, rules = len(read.fold.book.erased), read.fold.rules
    if rules is None:
        raise NotRecountable(N_("The rules by which it was judged then are not in the bundle."))
    try:
        counted = json.loads(recount(rules, read.fold.tally()).ranking)
        scores, differ = _hold_against(json.loads(published), counted)
    except LeafError as error:
        raise NotRecountable(error.message, **error.params) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RankingError(N_("The published ranking cannot be read.")) from error
    if len(differ) > erased:
        raise RankingError(
            N_("%(erased)s leaves were erased, and the scores of %(differ)s entries do not follow from the others."),
            erased=erased,
            differ=len(differ),
        )
    raise NotRecountable(
        N_("Erased leaves: %(erased)s. Of %(scores)s published scores, %(same)s were computed anew and are equal."),
        erased=erased,
        scores=scores,
        same=scores - len(differ),
    )


def _hold_against(published: dict[str, Any], counted: dict[str, Any]) -> tuple[int, set[str]]:
    """How many scores were published, and the entries for which a round gives another score."""
    ours = {one["key"]: one["standings"] for one in counted["rounds"]}
    theirs = {one["key"]: one["standings"] for one in published["rounds"]}
    differ = {
        entry
        for key in ours.keys() | theirs.keys()
        for entry in differing_scores(theirs.get(key, []), ours.get(key, []))
    }
    return sum(map(len, theirs.values())), differ
