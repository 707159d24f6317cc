"""`judging retention`: delete what is no longer kept, or tell what would go."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from judging.cli.options import data_option, json_option, opened, print_json, print_table, read_settings


@click.command()
@data_option
@json_option
@click.option("--dry-run", is_flag=True, help="Tell what would go now, and delete nothing.")
def retention(*, data: Path | None, as_json: bool, dry_run: bool) -> None:
    """Delete what is no longer kept, as each night does: files, idle accounts, logs, proofs of consent.

    With --dry-run files are counted by their entries, without those that are held.
    """
    from judging.services.privacy.retention.nightly import apply_retention
    from judging.services.privacy.retention.preview import due_now

    now = datetime.now(UTC)
    with opened(read_settings(data)) as platform:
        if dry_run:
            with platform.database.reading() as session:
                counts = due_now(session, now=now)
        else:
            counts = apply_retention(platform.database, now=now)
    if as_json:
        print_json({"dry_run": dry_run, "classes": {kept.value: count for kept, count in counts.items()}})
        return
    print_table(("class", "would go" if dry_run else "gone"), [(kept.value, str(n)) for kept, n in counts.items()])
