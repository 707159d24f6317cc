"""Setting an installation up, and bringing its tables to a new version of the program."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from judging.cli.options import data_folder, data_option, json_option, opened, print_json, read_settings

if TYPE_CHECKING:
    from judging.settings import Settings


def prepare(data: Path | None) -> Settings:
    """Make the folder with its key and bring the tables to this version; keep what is there."""
    from judging import migrations
    from judging.db.engine import make_engine
    from judging.settings import create_data_folder

    create_data_folder(data_folder(data))
    settings = read_settings(data)
    engine = make_engine(settings)
    try:
        migrations.upgrade(engine)
    finally:
        engine.dispose()
    return settings


@click.command()
@data_option
@json_option
@click.option("--email", default="admin@example.vn", show_default=True, help="Address of the first administrator.")
@click.option("--name", default="Administrator", show_default=True, help="Name of the first administrator.")
@click.option(
    "--password-file",
    type=click.File("r", encoding="utf-8"),
    default=None,
    help="File (- for standard input) whose first line is the password; without it a link for setting one is shown.",
)
def init(*, data: Path | None, as_json: bool, email: str, name: str, password_file: IO[str] | None) -> None:
    """Set up an empty installation with its first administrator."""
    from judging.services.access.accounts import hash_password
    from judging.services.access.invitations import invite
    from judging.services.upkeep.installation import create_administrator

    password = None if password_file is None else password_file.readline().rstrip("\r\n")
    settings, now = prepare(data), datetime.now(UTC)
    with opened(settings) as platform:
        password_hash = "" if password is None else hash_password(password)
        with platform.database.writing() as session:
            account = create_administrator(
                session, email=email, name=name, password=password, password_hash=password_hash, now=now
            )
            link = invite(session, settings=settings, account=account, now=now) if password is None else None
    if as_json:
        print_json({"data": str(settings.data), "email": email, "link": link})
        return
    click.echo(f"The installation lies in {settings.data}.")
    click.echo(f"Administrator: {email}")
    if link is not None:
        click.echo(f"Run `judging serve`, open this link and set a password; it holds for 14 days and once:\n{link}")


@click.command()
@data_option
def migrate(*, data: Path | None) -> None:
    """Bring the tables to what this version of the program needs."""
    from judging import migrations
    from judging.db.engine import make_engine

    engine = make_engine(read_settings(data))
    try:
        before = migrations.current(engine)
        migrations.upgrade(engine)
        after = migrations.current(engine)
    finally:
        engine.dispose()
    click.echo(
        f"The tables are at revision {after}." if before == after else f"The tables went from {before} to {after}."
    )
