"""`judging similar`: the entries of a contest that look like another one, and the index made anew."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from judging.cli.options import data_option, json_option, opened, print_json, print_table, read_settings
from judging.cli.show import find_contest

if TYPE_CHECKING:
    from judging.services.platform import Platform


@click.command()
@data_option
@json_option
@click.argument("contest")
@click.option("--reindex", is_flag=True, help="Index all entries of the contest's organisation anew, and search again.")
def similar(*, data: Path | None, as_json: bool, contest: str, reindex: bool) -> None:
    """List the entries of CONTEST that look like another one of the organisation. A hint, never a verdict."""
    with opened(read_settings(data)) as platform:
        indexed = _reindex(platform, contest) if reindex else None
        document = _document(platform, contest, indexed)
    if as_json:
        print_json(document)
        return
    if indexed is not None:
        click.echo(f"{indexed} entries indexed")
    rows = [
        (one["entry"]["code"], one["other"]["code"], one["other"]["contest"], f"{one['score']:.2f}",
         ", ".join(one["reasons"]), one["decision"] or "")
        for one in document["pairs"]
    ]  # fmt: skip
    print_table(("ENTRY", "LOOKS LIKE", "OF CONTEST", "SCORE", "BY", "LOOKED AT"), rows)


def _reindex(platform: Platform, slug: str) -> int:
    """First all are indexed, then all searched for: so each is held against every other."""
    from judging.services.entries.similar.work import Searcher, entries_to_index
    from judging.services.files.sandbox.many import many_parsers

    with platform.database.reading() as session:
        ids = entries_to_index(session, organisation_id=find_contest(session, slug).organisation_id)
    with many_parsers() as run:
        searcher = Searcher(database=platform.database, registry=platform.registry, files=platform.files, run=run)
        indexed = [one for one in ids if searcher.index(one, now=datetime.now(UTC))]
    for one in indexed:
        searcher.search(one, now=datetime.now(UTC))
    return len(indexed)


def _document(platform: Platform, slug: str, indexed: int | None) -> dict[str, Any]:
    from judging.domain.permissions import Actor
    from judging.domain.roles import Role
    from judging.services.entries.similar.pairs import PairFilter, list_pairs
    from judging.services.entries.similar.shown import plain_pair

    # Whoever may run this on the server's own files stands for the organiser.
    actor = Actor(roles=frozenset({Role.ORGANISER}))
    with platform.database.reading() as session:
        found = list_pairs(session, contest=find_contest(session, slug), actor=actor, chosen=PairFilter())
        pairs = [plain_pair(platform.registry, one) for one in found]
    return {"contest": slug, "indexed": indexed, "pairs": pairs}
