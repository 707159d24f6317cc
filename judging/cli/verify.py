"""`judging verify`: a published result checked from its bundle and a key, without a database and without a network."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from judging.cli.language import LANGUAGES, own_language
from judging.cli.options import json_option, print_json

if TYPE_CHECKING:
    from judging.domain.ledger.notes import VerifierKey

WRONG_USAGE = 64

_MOST_BYTES = 1_000_000
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False, readable=True)


class WrongUsage(click.UsageError):
    """The command was not asked as it can be asked; 2, as elsewhere, would say that a signature is wrong."""

    exit_code = WRONG_USAGE


class VerifyCommand(click.Command):
    """Ends wrong usage with the code that the format has for it."""

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        """Read the arguments."""
        try:
            return super().make_context(*args, **more)
        except click.UsageError as error:
            raise WrongUsage(error.format_message(), error.ctx) from error


@click.command(cls=VerifyCommand)
@click.argument("bundle", type=click.Path(path_type=Path, exists=True, readable=True))
@click.option("--vkey", type=_FILE, required=True, help="The log's public key, from a place that you trust.")
@click.option("--receipt", "receipts", type=_FILE, multiple=True, help="A receipt that the log must honour.")
@click.option("--since", type=_FILE, default=None, help="An older checkpoint, of which the log must be a continuation.")
@click.option("--lang", type=click.Choice(LANGUAGES), default=None, help="Language of the report.")
@json_option
def verify(
    *, bundle: Path, vkey: Path, receipts: tuple[Path, ...], since: Path | None, lang: str | None, as_json: bool
) -> None:
    """Check the published BUNDLE (a folder or a zip file) and compute its ranking anew.

    Ends with 0 when everything holds, 2 for a signature, 3 for a hash, 4 for a receipt, 5 when the log was not only
    appended to, 6 for a ranking, 7 for a leaf, 10 when it is consistent but could not be recounted in full, and 64 for
    wrong usage.
    """
    import gc

    from judging.verify import Request, verify_bundle
    from judging.verify.report import translator, write_document, write_report

    # Nearly all that is read is kept to the end of a short run: looking for garbage in it costs a quarter of the time.
    gc.disable()
    request = Request(
        bundle=bundle,
        keys=read_keys(vkey),
        receipts={str(path): read_small_file(path) for path in receipts},
        since=None if since is None else read_small_file(since),
    )
    outcome = verify_bundle(request)
    translate = translator(lang or own_language())
    if as_json:
        print_json(write_document(outcome, translate))
    else:
        click.echo(write_report(outcome, translate))
    sys.exit(int(outcome.code))


def read_keys(path: Path) -> tuple[VerifierKey, ...]:
    """One key a line; a file may hold those of several epochs, and of witnesses."""
    from judging.domain.ledger.faults import SignatureError
    from judging.domain.ledger.notes import VerifierKey

    try:
        lines = read_small_file(path).decode("ascii").split()
        keys = tuple(map(VerifierKey.parse, lines))
    except (SignatureError, UnicodeDecodeError) as error:
        raise WrongUsage(f"{path} holds no verifier key: {error}") from error
    if not keys:
        raise WrongUsage(f"{path} holds no verifier key.")
    return keys


def read_small_file(path: Path) -> bytes:
    """A key, a receipt or a checkpoint. Raises WrongUsage for a file that is too large to be one."""
    if path.stat().st_size > _MOST_BYTES:
        raise WrongUsage(f"{path} is too large to be what it should be.")
    return path.read_bytes()
