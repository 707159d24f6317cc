"""What is there: contests and standings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from judging.cli.options import data_option, json_option, opened, print_json, print_table, read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.values import Standing
    from judging.plugins import Registry


@click.command()
@data_option
@json_option
def contests(*, data: Path | None, as_json: bool) -> None:
    """List the contests with their phase and number of entries."""
    from judging.services.upkeep.installation import count_entries

    with opened(read_settings(data)) as platform, platform.database.reading() as session:
        found = [
            {"slug": one.slug, "kind": one.kind, "title": one.title, "year": one.year, "phase": one.phase, "entries": n}
            for one, n in count_entries(session)
        ]
    if as_json:
        print_json({"contests": found})
        return
    keys = ("slug", "kind", "year", "phase", "entries")
    print_table(tuple(key.upper() for key in keys), [tuple(str(one[key]) for key in keys) for one in found])


@click.command()
@data_option
@json_option
@click.argument("contest")
@click.option("--round", "round_key", default=None, help="Key of the round; the last one that was judged without it.")
def standings(*, data: Path | None, as_json: bool, contest: str, round_key: str | None) -> None:
    """Print the standings of CONTEST: scores, ranks, what decided a tie, prizes."""
    with opened(read_settings(data)) as platform, platform.database.reading() as session:
        document = standings_document(session, platform.registry, contest, round_key)
    if as_json:
        print_json(document)
        return
    rows = [
        (str(one["rank"]), one["code"], one["score"], one["prize"] or "", one["tie"]["key"] if one["tie"] else "")
        for one in document["standings"]
    ]
    click.echo(f"{document['contest']}, round {document['round']}")
    print_table(("RANK", "ENTRY", "SCORE", "PRIZE", "TIE DECIDED BY"), rows)


def standings_document(session: Session, registry: Registry, slug: str, round_key: str | None) -> dict[str, Any]:
    """The standings of one round as plain JSON. Raises NotFound for a contest or round that is not there."""
    from judging.services.contests.editions import contest_rules
    from judging.services.results.standings import all_standings
    from judging.services.rounds.entries import judged_round

    found = find_contest(session, slug)
    rules = contest_rules(registry, found)
    if round_key is not None:
        judged_round(rules, round_key)
    rounds = all_standings(session, registry=registry, contest=found, only=round_key)
    key = round_key or next((key for key, places in reversed(list(rounds.items())) if places), rules.rounds[0].key)
    codes, prizes = _codes(session, found, rules.prefix), _prizes(session, found)
    return {
        "contest": found.slug,
        "round": key,
        "standings": [_plain(one, codes, prizes) for one in rounds[key]],
    }


def find_contest(session: Session, slug: str) -> Contest:
    """The contest of that address. Raises NotFound."""
    from sqlalchemy import select

    from judging.db.models import Contest
    from judging.errors import N_, NotFound

    found = session.scalar(select(Contest).where(Contest.slug == slug))
    if found is None:
        raise NotFound(N_("There is no contest “%(slug)s”."), slug=slug)
    return found


def _plain(standing: Standing, codes: Mapping[str, str], prizes: Mapping[str, str]) -> dict[str, Any]:
    from judging.domain.totals import as_decimal_string

    tie = standing.tie[0] if standing.tie else None
    return {
        "entry": standing.entry,
        "code": codes[standing.entry],
        "rank": standing.rank,
        "score": as_decimal_string(standing.score.value),
        "tie": None
        if tie is None
        else {
            "key": tie.key,
            "own": as_decimal_string(tie.own),
            "other": as_decimal_string(tie.other),
            "other_entry": tie.other_entry,
        },
        "prize": prizes.get(standing.entry),
    }


def _codes(session: Session, contest: Contest, prefix: str) -> dict[str, str]:
    from sqlalchemy import select

    from judging.db.models import Entry

    query = select(Entry.alias, Entry.number).where(Entry.contest_id == contest.id)
    return {alias: f"{prefix}-{number:03d}" for alias, number in session.execute(query)}


def _prizes(session: Session, contest: Contest) -> dict[str, str]:
    from judging.services.results.prizes import list_prizes

    return {prize.entry.alias: prize.level for prize in list_prizes(session, contest=contest)}
