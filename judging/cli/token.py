"""A personal token for programs, made by whoever runs the installation."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from judging.cli.options import data_option, json_option, opened, print_json, read_settings

# As in services.access.api_tokens, which is loaded only when the command runs; a test compares.
SCOPES = ("read", "entries", "judge", "office")
_USUAL_DAYS = 90


@click.command()
@data_option
@json_option
@click.argument("email")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help="What the token is for; may be given several times. Without it: all that the person may do.",
)
@click.option("--days", type=click.IntRange(1, 366), default=_USUAL_DAYS, show_default=True, help="How long it lives.")
@click.option("--name", default="judging token", show_default=True, help="The name under which its owner finds it.")
def token(*, data: Path | None, as_json: bool, email: str, scopes: tuple[str, ...], days: int, name: str) -> None:
    """Make a personal API token for the account with the address EMAIL. It is printed this once."""
    from judging.errors import N_, NotFound
    from judging.services.access.accounts import find_account
    from judging.services.access.api_tokens import make_token

    with opened(read_settings(data)) as platform, platform.database.writing() as session:
        account = find_account(session, email=email)
        if account is None or account.disabled_at is not None:
            raise NotFound(N_("There is no account with the address %(email)s, or it is closed."), email=email)
        made = make_token(
            session, account=account, name=name, scopes=scopes or SCOPES, days=days, now=datetime.now(UTC)
        )  # fmt: skip
        answer = {
            "token": made.text, "email": account.email, "scopes": made.row.scopes,
            "expires_at": made.row.expires_at.isoformat(),
        }  # fmt: skip
    if as_json:
        print_json(answer)
        return
    click.echo(made.text)
    click.echo(
        f"For {answer['email']}, scopes: {', '.join(made.row.scopes)}, until {made.row.expires_at:%Y-%m-%d %H:%M} UTC."
        " It is shown only now.",
        err=True,
    )
