"""`judging erase`: what is known of the people of an entry, by whoever runs the installation."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from judging.cli.options import data_option, json_option, opened, print_json, read_settings
from judging.cli.show import find_contest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Contest, Entry
    from judging.plugins import Registry


@click.command()
@data_option
@json_option
@click.argument("contest")
@click.argument("code", metavar="ENTRY-CODE")
@click.option("--reason", required=True, help="Why. It stays in the record: write no name, address or title.")
@click.option("--with-sheets", is_flag=True, help="Erase the marks too; a recount then tells that some are gone.")
def erase(*, data: Path | None, as_json: bool, contest: str, code: str, reason: str, with_sheets: bool) -> None:
    """Erase the people of the entry ENTRY-CODE (such as ST-041) of CONTEST. It cannot be undone."""
    from judging.domain.permissions import Actor, Role
    from judging.services.privacy.erasure.erasing import erase_entry

    operator = Actor(roles=frozenset({Role.ADMINISTRATOR}))
    with opened(read_settings(data)) as platform, platform.database.writing() as session:
        entry = _find_entry(session, platform.registry, find_contest(session, contest), code)
        erase_entry(session, entry=entry, actor=operator, reason=reason, with_sheets=with_sheets, now=datetime.now(UTC))
        told = {
            "contest": contest, "code": code.upper(), "entry": entry.id, "alias": entry.alias,
            "with_sheets": with_sheets,
        }  # fmt: skip
    if as_json:
        print_json(told)
        return
    click.echo(
        f"{told['code']} ({told['alias']}) is erased. Letters that were sent and older backups still name people."
    )


def _find_entry(session: Session, registry: Registry, contest: Contest, code: str) -> Entry:
    """The entry of that code. Raises NotFound."""
    from sqlalchemy import select

    from judging.db.models import Entry
    from judging.errors import N_, NotFound
    from judging.services.contests.editions import contest_rules

    prefix, _, number = code.rpartition("-")
    found = None
    if number.isascii() and number.isdigit() and prefix.upper() == contest_rules(registry, contest).prefix.upper():
        found = session.scalar(select(Entry).where(Entry.contest_id == contest.id, Entry.number == int(number)))
    if found is None:
        raise NotFound(N_("There is no entry %(code)s in this contest."), code=code)
    return found
