"""A contest that began without a log gets one from its rows: its ranking is that of one that kept a log all along."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from sqlalchemy import select, text

from judging.composition import open_notary
from judging.db.models import ContestRound, Entry
from judging.domain.ledger.faults import Exit
from judging.domain.ledger.leaves import read_leaf
from judging.services.score_log.keeper import keep_logs, keeper_of
from judging.services.score_log.opening import ensure_log
from judging.services.score_log.publishing import make_bundle
from judging.services.score_log.tree import stored_leaves
from judging.services.upkeep.check import check_installation
from judging.verify import Request, verify_bundle
from tests.score_log.contest import Played, play
from tests.score_log.copies import Site

if TYPE_CHECKING:
    import pytest
    from sqlalchemy import Connection

    from judging.db.session import Database
    from judging.plugins import Registry
    from judging.services.platform import Platform

FORGET = ("DELETE FROM log_document", "DELETE FROM log_node", "DELETE FROM log_leaf", "DELETE FROM log_head")


def forget_log(connection: Connection) -> None:
    """As the rows are of a contest that an earlier version of the program held."""
    for statement in FORGET:
        connection.execute(text(statement))


def begin(played: Played) -> None:
    played.act(lambda session, contest: ensure_log(session, contest, now=played.now))


def types(played: Played) -> list[str]:
    with played.database.reading() as session:
        return [read_leaf(entry)["type"] for _, entry in stored_leaves(session, played.log().id) if entry]


def recounted(played: Played) -> tuple[Exit, Any]:
    bundle = played.look(make_bundle).path
    with played.database.reading() as session:
        key = keeper_of(session).notary.verifier(played.log().origin)
    with ZipFile(bundle) as archive:
        ranking = json.loads(archive.read("ranking.json"))
    return verify_bundle(Request(bundle=bundle, keys=[key], receipts={}, since=None)).code, ranking


def lose_log(platform: Platform) -> None:
    site = Site(data=platform.settings.data)
    if platform.database.engine.dialect.name == "postgresql":
        with platform.database.engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            forget_log(connection)
    else:
        platform.database.close()
        site.tamper(forget_log)
    # Nothing was ever signed of it either.
    for path in platform.settings.score_log.glob("*.checkpoints"):
        path.unlink()
    for path in platform.settings.score_log.glob("bundles/*"):
        path.unlink()


def new_process(platform: Platform, registry: Registry) -> None:
    keep_logs(platform.database, notary=open_notary(platform.settings), registry=registry)


def test_log_that_begins_after_the_publication_gives_the_published_ranking(
    platform: Platform, registry: Registry
) -> None:
    played = play(Played(platform.database, registry), entries=6, judges=4)
    code, kept = recounted(played)
    assert code is Exit.OK
    before = types(played)
    lose_log(platform)
    new_process(platform, registry)

    begin(played)

    code, made = recounted(played)
    assert code is Exit.OK
    assert made == kept
    assert [one.problems for one in check_installation(platform) if not one.ok] == []
    after = types(played)
    assert after.count("sheet") == before.count("sheet") == len(played.sheets)
    assert after.count("award") == before.count("award")
    assert (after[0], after[-1]) == ("open", "close")


def test_log_that_begins_in_the_midst_goes_on_to_the_same_ranking(
    platform: Platform, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = Played(platform.database, registry)
    advance = played.advance

    def interrupted(round_key: str) -> None:
        advance(round_key)
        if rounds(platform.database, played) == ["advanced", "pending"]:
            lose_log(platform)
            new_process(platform, registry)

    monkeypatch.setattr(played, "advance", interrupted)
    play(played, entries=6, judges=4)

    code, made = recounted(played)
    assert code is Exit.OK
    assert made == json.loads(played.ranking())
    assert [one.problems for one in check_installation(platform) if not one.ok] == []
    assert types(played).count("sheet") == len(played.sheets)
    with platform.database.reading() as session:
        named = set(session.scalars(select(Entry.alias).where(Entry.contest_id == played.contest_id)))
    assert {one["entry"] for one in made["rounds"][0]["standings"]} == named


def rounds(database: Database, played: Played) -> list[str]:
    with database.reading() as session:
        query = select(ContestRound.state).where(ContestRound.contest_id == played.contest_id)
        return list(session.scalars(query.order_by(ContestRound.position)))
