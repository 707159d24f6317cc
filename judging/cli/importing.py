"""`judging import`: entries from a table, shown first and then written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from judging.cli.options import data_option, json_option, opened, print_json, read_settings
from judging.cli.show import find_contest

if TYPE_CHECKING:
    from judging.services.entries.imports.planning import ImportPlan


@click.command("import")
@data_option
@json_option
@click.argument("contest")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Show what would happen and change nothing.")
@click.option("--sound-only", is_flag=True, help="Leave refused rows out instead of stopping at them.")
@click.option("--encoding", default="", help="Letters of a CSV file, where they are not told rightly from it.")
def import_entries(
    *, data: Path | None, as_json: bool, contest: str, file: Path, dry_run: bool, sound_only: bool, encoding: str
) -> None:
    """Import entries of CONTEST from FILE, a table as CSV or XLSX. The same table twice changes nothing."""
    from judging.domain.importing.columns import match_columns, match_name
    from judging.domain.permissions import Actor
    from judging.domain.roles import Role
    from judging.services.contests.editions import rules_in_force
    from judging.services.entries.imports.applying import apply_import
    from judging.services.entries.imports.planning import Fate, plan_import
    from judging.services.entries.imports.targets import targets_of
    from judging.services.entries.imports.words import words_of
    from judging.services.tables.reading import read_table

    # Whoever may run this on the server's own files stands for the organiser; the record names no account.
    actor = Actor(roles=frozenset({Role.ORGANISER}))
    with opened(read_settings(data)) as platform:
        registry, database = platform.registry, platform.database
        with database.reading() if dry_run else database.writing() as session:
            found = find_contest(session, contest)
            targets = targets_of(rules_in_force(registry, found), words_of(registry, found.kind))
            table = read_table(
                file.read_bytes(), is_name=lambda text: bool(match_name(text, targets)), encoding=encoding
            )
            columns = match_columns(table.head.cells, targets)
            plan = plan_import(session, registry=registry, contest=found, table=table, columns=columns, locale=_LOCALE)
            document = _document(contest, plan, table.head.cells, columns, dry_run=dry_run)
            if not dry_run and (sound_only or not plan.count(Fate.REFUSED)):
                apply_import(
                    session, registry=registry, contest=found, table=table, columns=columns, locale=_LOCALE,
                    seal=plan.seal, only_sound=sound_only, actor=actor, now=datetime.now(UTC),
                )  # fmt: skip
                document["applied"] = True
    _tell(document, as_json=as_json)
    if document["refused"] and not sound_only:
        raise SystemExit(1)


_LOCALE = "vi"


def _document(
    contest: str, plan: ImportPlan, head: tuple[str, ...], columns: tuple[str, ...], *, dry_run: bool
) -> dict[str, Any]:
    from judging.services.entries.imports.planning import Fate

    return {
        "contest": contest,
        "dry_run": dry_run,
        "applied": False,
        "columns": [{"name": name, "target": target or None} for name, target in zip(head, columns, strict=True)],
        **{fate.value: plan.count(fate) for fate in Fate},
        "entries": [
            {
                "rows": list(one.rows),
                "fate": one.fate.value,
                "title": one.title,
                "code": one.code or None,
                "changes": [
                    {"target": change.target, "before": change.before, "after": change.after} for change in one.changes
                ],
                "faults": [
                    {"row": fault.row, "target": fault.target, "message": fault.message % dict(fault.params)}
                    for fault in one.faults
                ],
            }
            for one in plan.planned
        ],
    }


def _tell(document: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(document)
        return
    for one in document["entries"]:
        for fault in one["faults"]:
            click.echo(f"row {fault['row']}, {fault['target']}: {fault['message']}")
    counts = ", ".join(f"{document[fate]} {fate}" for fate in ("new", "changed", "unchanged", "refused"))
    click.echo(f"{counts}; {'imported' if document['applied'] else 'nothing was written'}")
