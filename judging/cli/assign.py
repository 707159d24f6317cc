"""`judging assign`: plan judges for the entries of a round, and make the assignments."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from judging.cli.options import data_option, json_option, opened, print_json, read_settings
from judging.cli.show import find_contest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Contest, Judge
    from judging.domain.assignment import Plan
    from judging.domain.permissions import Actor
    from judging.plugins import Registry


@click.command()
@data_option
@json_option
@click.argument("contest")
@click.option("--round", "round_key", required=True, help="Key of the round.")
@click.option("--dry-run", is_flag=True, help="Show the plan and change nothing.")
@click.option("--repair", is_flag=True, help="Mend the plan that stands with the least change.")
@click.option("--leaving", metavar="ALIAS", help="A judge who drops out; asks for --reason.")
@click.option("--reason", default="", help="Why the judge drops out.")
def assign(
    *,
    data: Path | None,
    as_json: bool,
    contest: str,
    round_key: str,
    dry_run: bool,
    repair: bool,
    leaving: str | None,
    reason: str,
) -> None:
    """Plan judges for the entries of a round of CONTEST and make the assignments.

    With --repair only what has to change does: a judge who drops out is replaced, judges who came late get their share
    of what nobody has begun.
    """
    if leaving is not None and not reason.strip() and not dry_run:
        raise click.UsageError("A judge drops out with a reason: add --reason.")
    with opened(read_settings(data)) as platform:
        database = platform.database
        with database.reading() if dry_run else database.writing() as session:
            found = find_contest(session, contest)
            if repair or leaving is not None:
                document = _repaired(
                    session, platform.registry, found, round_key, leaving=leaving, reason=reason, dry_run=dry_run
                )
            else:
                document = _planned(session, platform.registry, found, round_key, dry_run=dry_run)
    if as_json:
        print_json(document)
        return
    click.echo(f"{len(document['pairs'])} pairs planned, {document['made']} made; "
               f"{len(document['unfilled'])} entries fall short")  # fmt: skip
    for kind in ("removed", "lost"):
        for judge, entry in document.get(kind, ()):
            click.echo(f"  {entry}: no longer read by {judge}")
    for one in document["unfilled"]:
        click.echo(f"  {one['entry']}: {one['missing']} missing. {one['reason']}")
    if not document["linked"]:
        click.echo("Judges fall into parts without a common entry: scores cannot be compared. Readings to add:")
        for judge, entry in document["suggestions"]:
            click.echo(f"  {judge} – {entry}")


def _planned(
    session: Session, registry: Registry, contest: Contest, round_key: str, *, dry_run: bool
) -> dict[str, Any]:  # fmt: skip
    from judging.services.judges.assigning.assignments import apply_plan, plan_round

    planned = plan_round(session, registry=registry, contest=contest, round_key=round_key)
    made = 0
    if not dry_run:
        made = apply_plan(
            session, registry=registry, contest=contest, round_key=round_key, seal=planned.seal, actor=_office(),
            now=datetime.now(UTC),
        )  # fmt: skip
    return _document(contest, round_key, planned.plan, made=made, dry_run=dry_run)


def _repaired(
    session: Session,
    registry: Registry,
    contest: Contest,
    round_key: str,
    *,
    leaving: str | None,
    reason: str,
    dry_run: bool,
) -> dict[str, Any]:
    from judging.services.judges.assigning.repair import apply_repair, plan_repair

    judge = None if leaving is None else _judge(session, contest, leaving)
    planned = plan_repair(session, registry=registry, contest=contest, round_key=round_key, leaving=judge)
    if not dry_run:
        planned = apply_repair(
            session, registry=registry, contest=contest, round_key=round_key, seal=planned.seal, reason=reason,
            actor=_office(), now=datetime.now(UTC), leaving=judge,
        )  # fmt: skip
    plan = planned.repair.plan
    return {
        **_document(contest, round_key, plan, made=0 if dry_run else len(plan.pairs), dry_run=dry_run),
        "removed": [list(pair) for pair in planned.repair.removed],
        "lost": [list(pair) for pair in planned.repair.lost],
    }


def _judge(session: Session, contest: Contest, alias: str) -> Judge:
    from judging.db.queries.office_running import list_judges

    found = next((one for one in list_judges(session, contest) if one.alias == alias), None)
    if found is None:
        raise click.ClickException(f"There is no judge {alias} in this contest.")
    return found


def _office() -> Actor:
    from judging.domain.permissions import Actor
    from judging.domain.roles import Role

    # Whoever may run this on the server's own files stands for the organiser; the record names no account.
    return Actor(roles=frozenset({Role.ORGANISER}))


def _document(contest: Contest, round_key: str, plan: Plan, *, made: int, dry_run: bool) -> dict[str, Any]:
    return {
        "contest": contest.slug,
        "round": round_key,
        "dry_run": dry_run,
        "made": made,
        "pairs": [list(pair) for pair in plan.pairs],
        "load": dict(plan.load),
        "unfilled": [{"entry": one.entry, "missing": one.missing, "reason": one.reason} for one in plan.unfilled],
        "linked": plan.is_linked,
        "suggestions": [[one.judge, one.entry] for one in plan.suggestions],
    }
