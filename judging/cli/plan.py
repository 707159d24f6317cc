"""`judging plan`: plan judges for any table, without an installation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from judging.cli.language import own_words
from judging.cli.options import json_option, print_json, print_table
from judging.errors import N_

if TYPE_CHECKING:
    from judging.domain.assignment import Plan
    from judging.domain.values import Problem

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@json_option
@click.argument("entries", type=_FILE)
@click.argument("judges", type=_FILE)
@click.option("--conflicts", type=_FILE, help="Table with the columns judge, entry: pairs that are never made.")
@click.option("--affinity", type=_FILE, help="Table with the columns judge, entry, value: how well they go together.")
@click.option("--per-entry", type=click.IntRange(1, 100), default=3, show_default=True, help="Judges for each entry.")
@click.option("--fair", is_flag=True, help="Even loads and lift the worst-off entry, for 0.1 % of the total at most.")
def plan(
    *,
    as_json: bool,
    entries: Path,
    judges: Path,
    conflicts: Path | None,
    affinity: Path | None,
    per_entry: int,
    fair: bool,
) -> None:
    """Plan JUDGES for ENTRIES, tables as CSV or XLSX; nothing needs to be installed or set up.

    ENTRIES has the columns entry, category; JUDGES has judge, capacity, categories (divided by semicolons; none means
    all). The total of the affinities is the greatest there is, as far as judges can be joined by common entries.
    """
    from judging.domain.assignment import PlanGoals, plan_assignment
    from judging.domain.planned import Wishes
    from judging.errors import Refused
    from judging.services.judges.assigning.plan_tables import read_plan_tables

    words = own_words()
    try:
        tables = read_plan_tables(
            _named(entries), _named(judges), conflicts=_named(conflicts) if conflicts else None,
            affinity=_named(affinity) if affinity else None,
        )  # fmt: skip
    except Refused as refused:
        for problem in refused.problems:
            click.echo(_said(words, problem), err=True)
        raise SystemExit(1) from refused
    made = plan_assignment(
        tables.entries, tables.judges, per_entry=per_entry, forbidden=tables.forbidden,
        wishes=Wishes(affinity=tables.affinity), goals=PlanGoals(even=fair, lift=fair),
    )  # fmt: skip
    if as_json:
        print_json(_document(made, words))
    else:
        _tell(made, words)


def _named(path: Path) -> tuple[str, bytes]:
    return path.name, path.read_bytes()


def _said(words: Callable[[str], str], problem: Problem) -> str:
    return words(problem.message) % dict(problem.params) if problem.params else words(problem.message)


def _document(made: Plan, words: Callable[[str], str]) -> dict[str, Any]:
    return {
        "pairs": [list(pair) for pair in made.pairs],
        "total": round(made.total, 9),
        "unfilled": [
            {"entry": one.entry, "missing": one.missing, "reason": words(one.reason)} for one in made.unfilled
        ],
        "load": dict(made.load),
        "order": {judge: list(order) for judge, order in made.order.items()},
        "optimum": round(made.optimum, 9),
        "worst": made.worst,
        "advice": [_said(words, one) for one in made.advice],
        "linked": made.is_linked,
        "suggestions": [{"judge": one.judge, "entry": one.entry} for one in made.suggestions],
    }


def _tell(made: Plan, words: Callable[[str], str]) -> None:
    """Each judge with their entries in order, then what the plan comes to and what it cannot do."""
    rows = [
        (judge, str(load), " ".join(made.order.get(judge, ()))) for judge, load in sorted(made.load.items())
    ]  # fmt: skip
    print_table((words(N_("JUDGE")), words(N_("LOAD")), words(N_("ENTRIES, IN THE ORDER OF READING"))), rows)
    click.echo()
    click.echo(
        words(N_("Pairs: %(pairs)s. Total: %(total)s. Greatest possible: %(optimum)s. Places left empty: %(missing)s."))
        % {
            "pairs": len(made.pairs),
            "total": f"{made.total:.6g}",
            "optimum": f"{made.optimum:.6g}",
            "missing": sum(one.missing for one in made.unfilled),
        }
    )
    for one in made.advice:
        click.echo(_said(words, one))
    if not made.is_linked:
        click.echo(
            words(N_("Judges fall into parts without a common entry: scores cannot be compared. Readings to add:"))
        )
        for link in made.suggestions:
            click.echo(f"  {link.judge} – {link.entry}")
