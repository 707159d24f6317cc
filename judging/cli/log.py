"""`judging log`: key, checkpoint and state of a score log, what a receipt proves, going on after a restore."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from judging.cli.log_recovery import recover, status
from judging.cli.options import data_option, json_option, opened, print_json, read_settings
from judging.cli.verify import VerifyCommand, read_keys, read_small_file

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.services.score_log.appending import Log

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False, readable=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLog:
    """A contest's log in an open session."""

    session: Session
    contest: Contest
    log: Log


@click.group()
def log() -> None:
    """Score logs: keys, checkpoints, receipts; where they stand, and going on after a restore."""


log.add_command(status)
log.add_command(recover)


def epoch_option(command: Any) -> Any:
    """Which log of the contest; there is a second one only after a restore that lost leaves."""
    return click.option("--epoch", type=click.IntRange(1), default=None, help="Which log; without it the newest.")(
        command
    )


@log.command()
@data_option
@json_option
@epoch_option
@click.argument("contest")
def vkey(*, data: Path | None, as_json: bool, epoch: int | None, contest: str) -> None:
    """Print the public key of the log of CONTEST (its slug). Publish it before judging begins."""
    from judging.services.score_log.keeper import keeper_of

    with found_log(data, contest, epoch) as found:
        key = str(keeper_of(found.session).notary.verifier(found.log.origin))
        if as_json:
            print_json({"contest": contest, "origin": found.log.origin, "epoch": found.log.epoch, "vkey": key})
        else:
            click.echo(key)


@log.command()
@data_option
@json_option
@epoch_option
@click.argument("contest")
def checkpoint(*, data: Path | None, as_json: bool, epoch: int | None, contest: str) -> None:
    """Print the newest signed checkpoint of the log of CONTEST (its slug), as it is now.

    Unlike the page it does not wait for the next beat: it is for the minutes and for whoever runs the contest.
    """
    from judging.domain.ledger.canonical import to_base64
    from judging.services.score_log.publishing import checkpoint_note

    with found_log(data, contest, epoch) as found:
        kept = found.log
        note = checkpoint_note(found.session, kept, kept.size).decode()
        if as_json:
            print_json(
                {
                    "contest": contest, "origin": kept.origin, "epoch": kept.epoch, "size": kept.size,
                    "root": to_base64(kept.root), "last": kept.last_t, "note": note,
                }
            )  # fmt: skip
        else:
            click.echo(note, nl=False)


@log.command(cls=VerifyCommand)
@json_option
@click.argument("file", type=_FILE)
@click.option(
    "--vkey", "key_file", type=_FILE, required=True, help="The log's public key, from a place that you trust."
)
def receipt(*, as_json: bool, file: Path, key_file: Path) -> None:
    """Check the receipt in FILE, without an installation and without a network.

    Ends with 0 when the log signed that it holds the sheet, 4 when the receipt is not valid, and 64 for wrong usage.
    """
    from judging.domain.ledger.faults import Exit, LedgerError
    from judging.domain.ledger.leaves import read_leaf
    from judging.domain.ledger.receipts import Receipt, verify_receipt

    keys = read_keys(key_file)
    try:
        found = Receipt.parse(read_small_file(file))
        checkpoint = verify_receipt(found, keys)
        leaf = read_leaf(found.leaf)
    except LedgerError as error:
        if as_json:
            print_json({"ok": False, "reason": str(error)})
        else:
            click.echo(f"NOT VALID. {error}")
        sys.exit(int(Exit.RECEIPT))
    told = {
        "ok": True, "origin": checkpoint.origin, "index": found.index, "size": checkpoint.size, "code": found.code,
        "leaf": dict(leaf),
    }  # fmt: skip
    if as_json:
        print_json(told)
        return
    click.echo(f"VALID. The log {checkpoint.origin} signed that it holds this as leaf {found.index}.")
    for name, value in (("recorded at", leaf["t"]), ("receipt code", found.code), *_sheet_lines(leaf)):
        click.echo(f"  {name.ljust(12)}  {value}")
    click.echo("Whether it was counted, `judging verify BUNDLE --receipt FILE` says once the results are public.")


@contextmanager
def found_log(data: Path | None, slug: str, epoch: int | None) -> Iterator[FoundLog]:
    """The log of a contest in an installation. Raises NotFound."""
    from sqlalchemy import select

    from judging.db.models import Contest
    from judging.errors import N_, NotFound
    from judging.services.score_log.heads import list_logs

    with opened(read_settings(data)) as platform, platform.database.reading() as session:
        contest = session.scalar(select(Contest).where(Contest.slug == slug))
        if contest is None:
            raise NotFound(N_("There is no contest “%(slug)s”."), slug=slug)
        logs = [one for one in list_logs(session, contest) if epoch in (None, one.epoch)]
        if not logs:
            raise NotFound(N_("The contest “%(slug)s” has no such score log."), slug=slug)
        yield FoundLog(session=session, contest=contest, log=logs[-1])


def _sheet_lines(leaf: Any) -> Iterator[tuple[str, str]]:
    if leaf["type"] != "sheet":
        yield "type", leaf["type"]
        return
    for name in ("round", "judge", "entry"):
        yield name, leaf[name]
    yield "version", str(leaf["ver"])
    yield from leaf["scores"].items()
