"""`judging check`: does everything that is stored still hold?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from judging.cli.options import data_option, json_option, print_json, read_settings


@click.command()
@data_option
@json_option
@click.option("--deep", is_flag=True, help="Read and digest every file, however many there are.")
def check(*, data: Path | None, as_json: bool, deep: bool) -> None:
    """Check every stored invariant; ends with 1 when one is broken."""
    from judging.composition import compose
    from judging.services.check import check_installation

    platform = compose(read_settings(data))
    try:
        findings = check_installation(platform, deep=deep)
    finally:
        platform.jobs.close()
        platform.database.close()
    sound = all(finding.ok for finding in findings)
    if as_json:
        told = [
            {"name": one.name, "ok": one.ok, "count": one.count, "problems": list(one.problems)} for one in findings
        ]
        print_json({"ok": sound, "checks": told})
    else:
        for one in findings:
            click.echo(f"{'ok    ' if one.ok else 'BROKEN'}  {one.name} ({one.count})")
            for problem in one.problems:
                click.echo(f"        {problem}")
    sys.exit(0 if sound else 1)
