"""`judging leave-one-out`: what hangs on each judge, and the sheets that stand furthest from their judge's habit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from judging.cli.options import data_option, json_option, opened, print_json, print_table, read_settings
from judging.cli.show import find_contest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from judging.services.platform import Platform

_HEADS = ("JUDGE", "SHEETS", "MOVED", "LARGEST SHIFT", "PRIZES", "PLACES", "GATES", "WITHOUT A SHEET")


@click.command("leave-one-out")
@data_option
@json_option
@click.argument("contest")
@click.option("--round", "round_key", default=None, help="Key of the round; all rounds that are closed without it.")
@click.option("--judge", default=None, help="Alias of one judge, of whom every change is named.")
def leave_one_out(*, data: Path | None, as_json: bool, contest: str, round_key: str | None, judge: str | None) -> None:
    """Print what would be otherwise in CONTEST without one judge's sheets. A question to ask, never a finding."""
    with opened(read_settings(data)) as platform:
        document = _document(platform, contest, round_key, judge)
    if as_json:
        print_json(document)
        return
    print_table(_HEADS, [_line(one) for one in document["judges"]])
    if judge is not None:
        click.echo()
        print_table(("ROUND", "ENTRY", "RANK", "WITHOUT", "SHIFT"), _ranks(document["judges"][0]))
    elif document["sheets"]:
        click.echo()
        print_table(
            ("JUDGE", "ENTRY", "RANK", "WITHOUT", "SHIFT", "APART"), [_sheet(one) for one in document["sheets"]]
        )


def _document(platform: Platform, slug: str, round_key: str | None, judge: str | None) -> dict[str, Any]:
    from judging.domain.permissions import Actor
    from judging.domain.roles import Role
    from judging.services.contests.editions import contest_rules
    from judging.services.results.leaving_out.shown import codes_of, plain_report
    from judging.services.results.leaving_out.weighing import weigh_judges

    # Whoever may run this on the server's own files stands for the organiser.
    actor = Actor(roles=frozenset({Role.ORGANISER}))
    registry = platform.registry
    with platform.database.reading() as session:
        found = find_contest(session, slug)
        codes = codes_of(session, contest=found, rules=contest_rules(registry, found))
        report = weigh_judges(session, registry=registry, contest=found, actor=actor, round_key=round_key, judge=judge)
        return {"contest": slug, "round": round_key, **plain_report(report, codes)}


def _line(one: Mapping[str, Any]) -> tuple[str, ...]:
    largest = one["largest"]
    counts = (len(one["prizes"]), len(one["onward"]), len(one["gates"]), len(one["without_sheet"]))
    return (
        one["judge"], str(one["sheets"]), str(one["moved"]),
        f"{largest['shift']} ({largest['code']})" if largest else "", *map(str, counts),
    )  # fmt: skip


def _ranks(one: Mapping[str, Any]) -> Sequence[tuple[str, ...]]:
    changes = [*one["ranks"], *one["without_sheet"]]
    return [(it["round"], it["code"], str(it["before"]), _rank(it["after"]), it["shift"] or "") for it in changes]


def _sheet(one: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        one["judge"], one["code"], str(one["before"]), _rank(one["after"]), one["shift"] or "", one["apart"] or ""
    )  # fmt: skip


def _rank(rank: int | None) -> str:
    return "no sheet" if rank is None else str(rank)
