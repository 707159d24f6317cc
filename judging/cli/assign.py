"""`judging assign`: plan judges for the entries of a round, and make the assignments."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from judging.cli.options import data_option, json_option, opened, print_json, read_settings
from judging.cli.show import find_contest

if TYPE_CHECKING:
    from judging.services.assignments import AssignmentPlan


@click.command()
@data_option
@json_option
@click.argument("contest")
@click.option("--round", "round_key", required=True, help="Key of the round.")
@click.option("--dry-run", is_flag=True, help="Show the plan and change nothing.")
def assign(*, data: Path | None, as_json: bool, contest: str, round_key: str, dry_run: bool) -> None:
    """Plan judges for the entries of a round of CONTEST and make the assignments."""
    from judging.domain.permissions import Actor
    from judging.domain.roles import Role
    from judging.services.assignments import apply_plan, plan_round

    # Whoever may run this on the server's own files stands for the organiser; the record names no account.
    actor = Actor(roles=frozenset({Role.ORGANISER}))
    with opened(read_settings(data)) as platform:
        registry, database = platform.registry, platform.database
        with database.reading() if dry_run else database.writing() as session:
            found = find_contest(session, contest)
            plan = plan_round(session, registry=registry, contest=found, round_key=round_key)
            made = 0
            if not dry_run:
                made = apply_plan(
                    session, registry=registry, contest=found, round_key=round_key, seal=plan.seal, actor=actor,
                    now=datetime.now(UTC),
                )  # fmt: skip
            document = _document(contest, round_key, plan, made=made, dry_run=dry_run)
    if as_json:
        print_json(document)
        return
    click.echo(f"{len(document['pairs'])} pairs planned, {made} made; {len(document['unfilled'])} entries fall short")
    for one in document["unfilled"]:
        click.echo(f"  {one['entry']}: {one['missing']} missing. {one['reason']}")


def _document(contest: str, round_key: str, planned: AssignmentPlan, *, made: int, dry_run: bool) -> dict[str, Any]:
    return {
        "contest": contest,
        "round": round_key,
        "dry_run": dry_run,
        "made": made,
        "pairs": [list(pair) for pair in planned.plan.pairs],
        "load": dict(planned.plan.load),
        "unfilled": [
            {"entry": one.entry, "missing": one.missing, "reason": one.reason} for one in planned.plan.unfilled
        ],
    }
