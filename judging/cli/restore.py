"""`judging restore`: a backup brought back into a place that holds nothing, examined, with the time that it took."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from judging.cli.check import finding_document, print_findings
from judging.cli.options import data_folder, data_option, json_option, loading, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from judging.services.platform import Platform
    from judging.services.upkeep.archive import ArchiveReader
    from judging.services.upkeep.check import Finding
    from judging.services.upkeep.restore import Restored

_KEY = "JUDGING_SECRET_KEY"


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_option
@json_option
@click.option(
    "--erased",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    default=None,
    help="erased.jsonl of the installation that was backed up: these entries are erased anew.",
)
def restore(*, file: Path, data: Path | None, as_json: bool, erased: Path | None) -> None:
    """Restore FILE into an empty folder (and an empty database and store, where these are named) and check it.

    What was erased since the backup is erased anew, by the tombstones in the folder of the score logs or in --erased.
    """
    from judging.services.privacy.erasure.replaying import replay_tombstones
    from judging.services.upkeep.archive import ArchiveReader
    from judging.services.upkeep.check import check_installation
    from judging.services.upkeep.restore import restore_backup, secret_of
    from judging.settings import create_data_folder

    began = time.monotonic()
    with ArchiveReader(file) as archive:
        secret = secret_of(archive)
        with _opened(data_folder(data), secret) as platform:
            restored = restore_backup(platform, archive)
            again = replay_tombstones(platform, now=datetime.now(UTC), file=erased)
            # Last, so that a restore that was interrupted cannot be served by mistake.
            create_data_folder(platform.settings.data, secret_key=secret)
            findings = check_installation(platform, deep=True)
        seconds = time.monotonic() - began
        sound = all(finding.ok for finding in findings)
        if as_json:
            print_json({**_document(archive, restored, findings, seconds), "erased_again": again})
        else:
            _print(archive, restored, findings, seconds)
            if again:
                click.echo(f"{again} entries that were erased since the backup are erased again")
        _warn(platform, restored, secret)
    sys.exit(0 if sound else 1)


@contextmanager
def _opened(folder: Path, secret: str | None) -> Iterator[Platform]:
    """A platform in the folder, with the backup's key unless the environment or the folder has one already."""
    import secrets

    with loading():
        from judging.composition import compose
    from judging.errors import N_, Conflict
    from judging.settings import SECRET_FILE, Settings

    stored = folder / SECRET_FILE
    if secret is not None and stored.exists() and stored.read_text("ascii").strip() != secret:
        raise Conflict(
            N_("%(folder)s has a secret key of its own, and nothing was changed. Name an empty folder with --data."),
            folder=folder,
        )
    key = {} if stored.exists() else {_KEY: secret or secrets.token_urlsafe(48)}
    given = {name: value for name, value in os.environ.items() if name != _KEY or value.strip()}
    settings = Settings.from_environment({**key, **given}, data=folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    platform = compose(settings)
    try:
        yield platform
    finally:
        platform.jobs.close()
        platform.database.close()


def _document(
    archive: ArchiveReader, restored: Restored, findings: Sequence[Finding], seconds: float
) -> dict[str, object]:
    return {
        "made_at": archive.manifest["made_at"],
        "manifest_sha256": archive.sha256,
        "seconds": round(seconds, 3),
        "rows": restored.rows,
        "files": restored.files,
        "file_bytes": restored.file_bytes,
        "revision": restored.revision,
        "work_waiting": restored.waiting,
        **finding_document(findings),
    }


def _print(archive: ArchiveReader, restored: Restored, findings: Sequence[Finding], seconds: float) -> None:
    click.echo(f"Backup of {archive.manifest['made_at']}, SHA-256 of its manifest: {archive.sha256}")
    click.echo(f"{restored.rows:,} rows and {restored.files:,} files of {restored.file_bytes:,} bytes")
    print_findings(findings)
    click.echo(f"Restored and checked in {seconds:.1f} s, tables at revision {restored.revision}")


def _warn(platform: Platform, restored: Restored, secret: str | None) -> None:
    if secret is None:
        click.echo("The backup holds no secret key: people sign in anew, and what it encrypted is lost.", err=True)
    elif platform.settings.secret_key != secret:
        click.echo(f"{_KEY} is not the key of the backup: what that one encrypted cannot be read.", err=True)
    if restored.waiting:
        click.echo(
            f"{restored.waiting} pieces of work wait, such as letters; they are done when the program is served.",
            err=True,
        )
