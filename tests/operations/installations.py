"""Installations on either edition, backups of them, and what they hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from judging.composition import compose
from judging.db.dump import dump_rows, read_tables
from judging.db.sealed import give_key
from judging.db.stored_bytes import KEY_COLUMNS, stored_bytes
from judging.services.platform import Platform
from judging.services.upkeep.archive import ArchiveReader
from judging.services.upkeep.backup import BackupMade, make_backup
from judging.services.upkeep.restore import Restored, restore_backup, secret_of
from judging.settings import Settings, create_data_folder

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@contextmanager
def installation(folder: Path, **variables: str) -> Iterator[Platform]:
    """The installation in the folder; `variables` are settings without their prefix."""
    environ = {f"JUDGING_{name.upper()}": value for name, value in variables.items()}
    platform = compose(Settings.from_environment(environ, data=create_data_folder(folder)))
    try:
        yield platform
    finally:
        platform.jobs.close()
        platform.database.close()


def back_up(platform: Platform, target: Path, **options: bool) -> BackupMade:
    return make_backup(platform, target=target, now=NOW, **options)


def restore(platform: Platform, archive: Path) -> Restored:
    """Bring it back with the backup's own key, as the command does."""
    with ArchiveReader(archive) as reader:
        if (secret := secret_of(reader)) is not None:
            give_key(platform.database.engine, secret)
        return restore_backup(platform, reader)


def rows_of(platform: Platform) -> dict[str, list[Any]]:
    """All rows by table. The key of a file is left out: each store makes up its own."""
    with platform.database.engine.connect() as connection:
        found = {}
        for table in read_tables(connection):
            columns = [column.name for column in table.columns]
            rows = [dict(zip(columns, json.loads(line), strict=True)) for line in dump_rows(connection, table)]
            if table.name in KEY_COLUMNS:
                rows = [{name: value for name, value in row.items() if name != "key"} for row in rows]
            found[table.name] = rows
        return found


def bytes_of(platform: Platform) -> dict[str, list[bytes]]:
    """The bytes of every file, of its copy and of its pictures, by what they are and the identifier of its row."""
    found: dict[str, list[bytes]] = {}
    with platform.database.engine.connect() as connection:
        rows = connection.execute(stored_bytes()).all()
    for what, file_id, key, _size, _sha256 in rows:
        found.setdefault(f"{what} {file_id}", []).append(b"".join(platform.files.stream(key)))
    return {name: sorted(contents) for name, contents in found.items()}
