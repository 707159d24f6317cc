"""`judging log status` and `judging log recover`: whether logs continue what was signed, and going on when not."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from judging.cli.options import data_option, json_option, opened, print_json, print_table, read_settings
from judging.cli.show import find_contest

_KEYS = ("contest", "epoch", "leaves", "origin", "state")


@click.command()
@data_option
@json_option
def status(*, data: Path | None, as_json: bool) -> None:
    """Say where each score log stands, and whether it continues what was signed; ends with 1 if one does not."""
    from judging.services.score_log.guard import find_lost_logs, newest_heads

    with opened(read_settings(data)) as platform, platform.database.reading() as session:
        lost = {slug: str(error) for slug, error in find_lost_logs(session)}
        found = [
            {
                "contest": slug, "epoch": head.epoch, "leaves": head.size, "origin": head.origin,
                "state": lost.get(slug, "ok"),
            }
            for head, slug in newest_heads(session)
        ]  # fmt: skip
    if as_json:
        print_json({"ok": not lost, "logs": found})
    else:
        print_table(tuple(key.upper() for key in _KEYS), [tuple(str(one[key]) for key in _KEYS) for one in found])
    sys.exit(1 if lost else 0)


@click.command()
@data_option
@json_option
@click.argument("contest")
@click.option("--reason", required=True, help="Why: it stands in the record, and the log commits to it.")
def recover(*, data: Path | None, as_json: bool, contest: str, reason: str) -> None:
    """Begin a new epoch of the score log of CONTEST, after a restore that lost leaves.

    What the database still holds is recorded anew, below the last checkpoint that was signed. Receipts for leaves that
    are lost are reported missing by `judging verify`.
    """
    from judging.services.score_log.recovery import recover_log

    with opened(read_settings(data)) as platform, platform.database.writing() as session:
        found = find_contest(session, contest)
        log = recover_log(session, contest=found, reason=reason, now=datetime.now(UTC))
        told = {"contest": contest, "epoch": log.epoch, "leaves": log.size, "origin": log.origin}
    if as_json:
        print_json(told)
        return
    click.echo(f"{told['origin']} begins with {told['leaves']} leaves. Publish its new key: judging log vkey {contest}")
