"""`judging check`: does everything that is stored still hold?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from judging.cli.options import data_option, json_option, loading, print_json, read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from judging.services.upkeep.check import Finding


@click.command()
@data_option
@json_option
@click.option("--deep", is_flag=True, help="Read and digest every file, however many there are.")
def check(*, data: Path | None, as_json: bool, deep: bool) -> None:
    """Check every stored invariant; ends with 1 when one is broken."""
    with loading():
        from judging.composition import compose
        from judging.services.upkeep.check import check_installation

    platform = compose(read_settings(data))
    try:
        findings = check_installation(platform, deep=deep)
    finally:
        platform.jobs.close()
        platform.database.close()
    if as_json:
        print_json(finding_document(findings))
    else:
        print_findings(findings)
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


def finding_document(findings: Sequence[Finding]) -> dict[str, object]:
    """What was found, as JSON. `notes` are worth knowing and break nothing."""
    return {
        "ok": all(finding.ok for finding in findings),
        "checks": [
            {
                "name": one.name,
                "ok": one.ok,
                "count": one.count,
                "problems": list(one.problems),
                "notes": list(one.notes),
            }
            for one in findings
        ],
    }


def print_findings(findings: Sequence[Finding]) -> None:
    """Print a line for each check, with its problems and notes below it."""
    for one in findings:
        click.echo(f"{'ok    ' if one.ok else 'BROKEN'}  {one.name} ({one.count})")
        for problem in one.problems:
            click.echo(f"        {problem}")
        for note in one.notes:
            click.echo(f"        note: {note}")
