"""`judging backup`: everything that the installation holds, in one file, while the program runs."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from judging.cli.options import data_option, json_option, loading, print_json, read_settings

if TYPE_CHECKING:
    from judging.services.upkeep.backup import BackupMade


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_option
@json_option
@click.option("--force", is_flag=True, help="Replace FILE when it exists.")
@click.option(
    "--without-secret", is_flag=True, help="Leave the secret key out; keep it elsewhere, or lose what it encrypts."
)
def backup(*, file: Path, data: Path | None, as_json: bool, force: bool, without_secret: bool) -> None:
    """Write everything to FILE while the program runs; ends with 1 when a stored file was found damaged."""
    with loading():
        from judging.composition import compose
        from judging.services.upkeep.backup import make_backup

    platform = compose(read_settings(data))
    try:
        made = make_backup(platform, target=file, now=datetime.now(UTC), replace=force, with_secret=not without_secret)
    finally:
        platform.jobs.close()
        platform.database.close()
    if as_json:
        print_json(_document(made, with_secret=not without_secret))
    else:
        _print(made, with_secret=not without_secret)
    sys.exit(1 if made.damaged else 0)


def _document(made: BackupMade, *, with_secret: bool) -> dict[str, object]:
    return {
        "file": str(made.file),
        "bytes": made.size,
        "seconds": round(made.seconds, 3),
        "revision": made.revision,
        "rows": made.rows,
        "files": made.files,
        "file_bytes": made.file_bytes,
        "removed_meanwhile": made.removed,
        "damaged": list(made.damaged),
        "secret": with_secret,
        "manifest_sha256": made.manifest_sha256,
    }


def _print(made: BackupMade, *, with_secret: bool) -> None:
    click.echo(f"{made.file}: {made.size:,} bytes in {made.seconds:.1f} s")
    click.echo(f"{made.rows:,} rows at revision {made.revision}, {made.files:,} files of {made.file_bytes:,} bytes")
    click.echo(f"SHA-256 of its manifest: {made.manifest_sha256}")
    for problem in made.damaged:
        click.echo(f"DAMAGED  {problem}")
    if with_secret:
        click.echo("It holds the secret key and all personal data: keep it where only you can read it.", err=True)
