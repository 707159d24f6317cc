"""Watches the functions that a plugin's strategies bring: a wrong answer is refused, naming plugin and strategy.

The core's own strategies are not watched: they are tested here, and every standing asks them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, TypeVar

from judging.domain.rules import ContestRules, Round
from judging.domain.strategies import Aggregator, Report, TieBreaker, TieContext
from judging.domain.values import Ballot, Score, Standing
from judging.errors import N_, PluginError
from judging.plugins.limits import MOST_TABLE, MOST_TABLE_ROWS, MOST_TEXT, too_large, wrong_type
from judging.plugins.records import told

log = logging.getLogger(__name__)

Made = TypeVar("Made")


def failed(plugin: str, hook: str, error: BaseException) -> PluginError:
    """The refusal when a plugin's code raised. Logged with its trace, for whoever mends it."""
    log.warning("plugin %s failed in hook %s", plugin, hook, exc_info=error)
    return PluginError(
        N_("Plugin %(plugin)s failed in hook %(hook)s: %(reason)s"), plugin=plugin, hook=hook, reason=told(error)
    )


def watched(plugin: str, hook: str, call: Callable[[], Made]) -> Made:
    """What `call` answers. Raises PluginError for whatever a plugin's code raises, an end of the program too."""
    try:
        return call()
    except PluginError:
        raise
    except (Exception, SystemExit) as error:
        raise failed(plugin, hook, error) from error


def watch_aggregator(plugin: str, aggregator: Aggregator) -> Aggregator:
    """The same aggregator; its answer is a Score with a fraction for each entry that has a ballot, or a PluginError."""
    hook = f"judging_aggregators “{aggregator.key}”"

    def combine(judged: Round, ballots: Sequence[Ballot]) -> Mapping[str, Score]:
        def asked() -> Mapping[str, Score]:
            scores = aggregator.combine(judged, ballots)
            _check_table(plugin, hook, scores)
            entries = {ballot.entry for ballot in ballots}
            for score in scores.values():
                _check_score(plugin, hook, score)
            if set(scores) != entries:
                raise PluginError(
                    N_("Plugin %(plugin)s, hook %(hook)s: every entry with a ballot has one score, and no other has."),
                    plugin=plugin,
                    hook=hook,
                )
            return scores

        return watched(plugin, hook, asked)

    return replace(aggregator, combine=combine)


def watch_tie_breaker(plugin: str, breaker: TieBreaker) -> TieBreaker:
    """The same tie-breaker; its answer is an exact figure for each entry it knows, or a PluginError."""
    hook = f"judging_tie_breakers “{breaker.key}”"

    def rank(context: TieContext) -> Mapping[str, Fraction]:
        def asked() -> Mapping[str, Fraction]:
            figures = breaker.rank(context)
            _check_table(plugin, hook, figures)
            for figure in figures.values():
                if not _is_exact(figure):
                    raise wrong_type(plugin, hook, "Fraction", figure)
            return {entry: Fraction(figure) for entry, figure in figures.items()}

        return watched(plugin, hook, asked)

    return replace(breaker, rank=rank)


def watch_report(plugin: str, report: Report) -> Report:
    """The same report; its rows are texts, as many in each as there are columns, or a PluginError."""
    hook = f"judging_reports “{report.key}”"

    def rows(rules: ContestRules, standings: Sequence[Standing]) -> list[tuple[str, ...]]:
        def asked() -> list[tuple[str, ...]]:
            return _read_rows(plugin, hook, report, report.rows(rules, standings))

        return watched(plugin, hook, asked)

    return replace(report, rows=rows)


def _read_rows(plugin: str, hook: str, report: Report, table: Any) -> list[tuple[str, ...]]:
    if isinstance(table, str) or not isinstance(table, Sequence):
        raise wrong_type(plugin, hook, "Sequence[Sequence[str]]", table)
    if len(table) > MOST_TABLE_ROWS:
        raise too_large(plugin, hook, f"{MOST_TABLE_ROWS} rows")
    read, size = [], 0
    for row in table:
        if isinstance(row, str) or not isinstance(row, Sequence) or len(row) != len(report.columns):
            raise wrong_type(plugin, hook, f"rows of {len(report.columns)} texts", row)
        for cell in row:
            if not isinstance(cell, str):
                raise wrong_type(plugin, hook, "str in each cell", cell)
            size += len(cell)
        if size > MOST_TABLE:
            raise too_large(plugin, hook, f"{MOST_TABLE} characters")
        read.append(tuple(row))
    return read


def _check_table(plugin: str, hook: str, table: object) -> None:
    if not isinstance(table, Mapping):
        raise wrong_type(plugin, hook, "Mapping", table)


def _check_score(plugin: str, hook: str, score: object) -> None:
    if not isinstance(score, Score):
        raise wrong_type(plugin, hook, "Score", score)
    # A float would let rounding decide a rank.
    if not _is_exact(score.value):
        raise wrong_type(plugin, hook, "Score with a Fraction", score.value)
    if type(score.used) is not int or type(score.unused) is not int:
        raise wrong_type(plugin, hook, "Score with numbers of sheets", score.used)
    if not isinstance(score.explanation, str):
        raise wrong_type(plugin, hook, "Score with an explanation", score.explanation)
    if len(score.explanation) > MOST_TEXT:
        raise too_large(plugin, hook, f"{MOST_TEXT} characters")


def _is_exact(figure: object) -> bool:
    return isinstance(figure, Fraction) or type(figure) is int
