"""`judging files`: work on the files that entries handed in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from judging.cli.options import data_option, json_option, opened, print_json, read_settings
from judging.cli.show import find_contest


@click.group()
def files() -> None:
    """Work on the files of entries."""


@files.command()
@data_option
@json_option
@click.argument("contest")
@click.option("--anew", is_flag=True, help="Make copies again that are ready, too.")
def recheck(*, data: Path | None, as_json: bool, contest: str, anew: bool) -> None:
    """Have the files of CONTEST scanned again, and copies made where judges have none. Workers do it.

    For files that were kept before a scanner was set up. What is under way already is left alone, so that the command
    may be given again.
    """
    from sqlalchemy import select

    from judging.db.models import Entry
    from judging.domain.permissions import Actor
    from judging.domain.roles import Role
    from judging.services.files.copies.rechecking import recheck_files

    settings = read_settings(data)
    # Whoever may run this on the server's own files stands for the organiser; the record names no account.
    actor = Actor(roles=frozenset({Role.ORGANISER}))
    with opened(settings) as platform, platform.database.writing() as session:
        found = find_contest(session, contest)
        entries = session.scalars(select(Entry).where(Entry.contest_id == found.id).order_by(Entry.number)).all()
        done = recheck_files(
            session, entries=entries, actor=actor, scans=bool(settings.clamd), anew=anew, now=datetime.now(UTC)
        )
    if as_json:
        print_json({"contest": contest, "scans": done.scans, "copies": done.copies, "left": done.left})
        return
    click.echo(f"{done.scans} files to be scanned, {done.copies} to be copied; {done.left} need nothing")
    if not settings.clamd:
        click.echo("No scanner is set up (JUDGING_CLAMD), so that nothing is scanned.")
