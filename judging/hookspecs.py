"""The hooks of `judging`: who is asked, when, and how the answers are joined.

Start-up hooks are asked of every plugin once; a clash of keys is refused by name, and a hook that raises, or answers
the wrong type or too much, sets its plugin aside. Owner hooks are asked of the plugin that owns the contest, then of
the core's defaults; a failure refuses what was asked for. Told hooks reach everyone after the commit; an error in them
is logged and goes no further. A method may name fewer parameters than the hook has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import pluggy

from judging.api import (
    PROJECT,
    Aggregator,
    ContestRules,
    Document,
    Entry,
    Grant,
    Problem,
    Report,
    Standing,
    TieBreaker,
)

if TYPE_CHECKING:
    import click
    from flask import Blueprint

hookspec = pluggy.HookspecMarker(PROJECT)


@hookspec
def judging_contests() -> Iterable[ContestRules]:
    """Offer contest kinds.

    Asked of every plugin once, at start-up. The answers are collected; two plugins that offer the same key are a clash
    and the second is set aside. Rules are tuples and Decimals throughout, and at most 1 MB when they are stored.

        @hookimpl
        def judging_contests(self):
            return [RULES]
    """
    raise NotImplementedError


@hookspec
def judging_aggregators() -> Iterable[Aggregator]:
    """Offer ways to combine the sheets of a round into scores.

    Asked of every plugin once, at start-up. Organisers of any contest may choose among all of them. An answer without
    one exact Score for each entry is refused, and there are no standings.

        @hookimpl
        def judging_aggregators(self):
            return [Aggregator(key="geometric-mean", label=N_("Geometric mean"), combine=combine)]
    """
    raise NotImplementedError


@hookspec
def judging_tie_breakers() -> Iterable[TieBreaker]:
    """Offer ways to part entries of equal score.

    Asked of every plugin once, at start-up. Rules name them by key in `tie_breaks`. They are asked when scores are
    equal, and answer exact figures.

        @hookimpl
        def judging_tie_breakers(self):
            return [TieBreaker(key="fewest-zeros", label=N_("Fewest zeros"), rank=rank)]
    """
    raise NotImplementedError


@hookspec
def judging_reports() -> Iterable[Report]:
    """Offer tables for organisers, made from the standings of the last round.

    Asked of every plugin once, at start-up. A plugin's reports are for contests of its kinds; those of a plugin without
    a kind are for all. Each row has as many texts as there are columns; an entry's alias is shown as its code.

        @hookimpl
        def judging_reports(self):
            return [Report(key="by-school", label=N_("By school"), columns=(N_("School"),), rows=rows)]
    """
    raise NotImplementedError


@hookspec
def judging_pages() -> Blueprint:
    """Offer pages of the plugin's own, as one Flask blueprint.

    Asked of every plugin once, at start-up. The blueprint is mounted under `/plugins/<plugin name>/` and names no
    `template_folder`. Every view declares its policy; one without stops the start-up. A page whose address has `slug`
    is about that contest, and is found for contests of the plugin's kinds only.

        @hookimpl
        def judging_pages(self):
            return blueprint
    """
    raise NotImplementedError


@hookspec
def judging_commands() -> Iterable[click.Command]:
    """Offer commands, reachable as `judging <command>`.

    Asked of every plugin once, at start-up. A name that the core uses is a clash.

        @hookimpl
        def judging_commands(self):
            return [count_schools]
    """
    raise NotImplementedError


@hookspec
def judging_check_eligibility(rules: ContestRules, entry: Entry, today: date) -> Iterable[Problem]:
    """Say every reason why `entry` may not take part on `today`, a date in the contest's zone.

    Asked only of the plugin that owns the contest; the core's own checks (required fields, team size, shares) are
    joined to the answer. An exception means "no".

        @hookimpl
        def judging_check_eligibility(self, rules, entry, today):
            return check_births(rules, entry)
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def judging_grant_awards(rules: ContestRules, standings: Sequence[Standing]) -> Sequence[Grant] | None:
    """Give out the prizes, from the standings of the last round.

    Asked only of the plugin that owns the contest; None, or no implementation, leaves it to the core, which fills the
    levels in order. An exception refuses the act.

        @hookimpl
        def judging_grant_awards(self, rules, standings):
            return [Grant(entry=standings[0].entry, level="first")]
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def judging_document_context(
    rules: ContestRules, document: Document, standing: Standing
) -> Mapping[str, object] | None:
    """Add values to the template of a document for one standing.

    Asked only of the plugin that owns the contest; None, or no implementation, adds nothing. The values are texts,
    numbers, dates, lists and mappings of them. `standing` is the entry's in the last round it was judged in, as it was
    published once it was; it holds no single judge's marks. An exception refuses the act.

        @hookimpl
        def judging_document_context(self, rules, document, standing):
            return {"motto": "…"} if document.key == "certificate" else None
    """
    raise NotImplementedError


@hookspec
def judging_entry_submitted(rules: ContestRules, entry: Entry) -> None:
    """Hear that an entry was submitted.

    Told to every plugin after the commit. An error is logged and goes no further.

        @hookimpl
        def judging_entry_submitted(self, rules, entry):
            counter.add(entry.category)
    """
    raise NotImplementedError


@hookspec
def judging_results_published(rules: ContestRules, standings: Sequence[Standing]) -> None:
    """Hear that a contest's results were published.

    Told to every plugin after the commit. An error is logged and goes no further.

        @hookimpl
        def judging_results_published(self, rules, standings):
            announce(standings[:3])
    """
    raise NotImplementedError
