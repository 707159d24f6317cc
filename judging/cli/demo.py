"""`judging demo`: a complete year to look at, served at once unless told otherwise."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from judging.cli.options import (
    address_options,
    data_folder,
    data_option,
    json_option,
    opened,
    print_json,
    print_table,
    read_settings,
)
from judging.cli.serve import run_server
from judging.cli.set_up import prepare

if TYPE_CHECKING:
    from judging.demo import DemoYear
    from judging.settings import Settings

_TOLD = "demo.json"


@click.command()
@data_option
@json_option
@address_options
@click.option("--no-serve", is_flag=True, help="Make the demo and end.")
@click.option("--seed", type=int, default=2021, show_default=True, help="The same seed gives the same year.")
@click.option(
    "--size",
    type=click.Choice(["province", "city", "national"]),
    default="province",
    show_default=True,
    help="About 230, 1,000 or 10,000 entries.",
)
@click.option(
    "--stage",
    type=click.Choice(["open", "screening", "judging", "published"]),
    default=None,
    help="Where all three contests stand; without it one is published, one in judging, one open.",
)
@click.option("--reuse", is_flag=True, help="Serve the demo that the folder holds, if there is one.")
def demo(
    *,
    data: Path | None,
    as_json: bool,
    host: str | None,
    port: int | None,
    no_serve: bool,
    seed: int,
    size: str,
    stage: str | None,
    reuse: bool,
) -> None:
    """Make the demo year: three contests of 2021 with entries, judges, marks and results."""
    told = data_folder(data) / _TOLD
    if reuse and told.exists():
        settings = prepare(data)
    else:
        _refuse_used(data)
        settings = prepare(data)
        _make(settings, told, seed=seed, size=size, stage=stage)
    settings = read_settings(data, host=host, port=port)
    document = {"url": settings.base_url, **_read(told)}
    if as_json:
        print_json(document)
    else:
        _print(document)
    if not no_serve:
        run_server(settings)


def _refuse_used(data: Path | None) -> None:
    """Raise Conflict when there is anything to lose. A demo that was interrupted left none, and is made again."""
    from judging.errors import N_, Conflict

    folder = data_folder(data)
    if (folder / _TOLD).exists() or _holds_people(data):
        raise Conflict(
            N_(
                "%(folder)s holds an installation already, and nothing was changed. Name another folder with --data,"
                " delete that one first, or serve the demo that it holds with --reuse."
            ),
            folder=folder,
        )


def _holds_people(data: Path | None) -> bool:
    from sqlalchemy import inspect

    from judging.db.engine import make_engine
    from judging.db.models import Account
    from judging.db.session import Database
    from judging.demo import holds_anything
    from judging.settings import SECRET_FILE

    if not (data_folder(data) / SECRET_FILE).exists():
        return False
    database = Database(make_engine(read_settings(data)))
    try:
        if not inspect(database.engine).has_table(Account.__tablename__):
            return False
        with database.reading() as session:
            return holds_anything(session)
    finally:
        database.close()


def _make(settings: Settings, told: Path, *, seed: int, size: str, stage: str | None) -> None:
    import json

    from judging.demo import Size, Stage, create_demo

    with opened(settings) as platform:
        year = create_demo(
            platform, size=Size(size), seed=seed, stage=Stage(stage) if stage else None, now=datetime.now(UTC)
        )
    # Kept beside the database so that a later --reuse can tell the passwords again: they are worth nothing elsewhere.
    told.write_text(json.dumps(_document(year), ensure_ascii=False, indent=2), "utf-8")
    told.chmod(0o600)


def _document(year: DemoYear) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "accounts": [asdict(account) for account in year.accounts],
        "contests": [asdict(contest) for contest in year.contests],
        "others_password": year.others_password,
    }


def _read(told: Path) -> dict[str, Any]:
    import json

    document: dict[str, Any] = json.loads(told.read_text("utf-8"))
    return document


def _print(document: dict[str, Any]) -> None:
    contests = [tuple(str(one[key]) for key in ("slug", "entries", "phase")) for one in document["contests"]]
    print_table(("CONTEST", "ENTRIES", "PHASE"), contests)
    click.echo()
    accounts = [(one["role"], one["email"], one["password"]) for one in document["accounts"]]
    print_table(("ROLE", "E-MAIL", "PASSWORD"), accounts)
    click.echo(f"\nAll other people of the demo sign in with the password {document['others_password']}")
    click.echo(f"Address: {document['url']}")
