"""Somebody with all rights on the database changes a contest that is over: who notices, and what is refused."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from judging.domain.ledger.bundle import BundleParts
from judging.domain.ledger.canonical import sha256_hex
from judging.domain.ledger.checkpoints import read_checkpoint
from judging.domain.ledger.faults import Exit
from judging.domain.ledger.merkle import MemoryTree, leaf_hash
from judging.domain.ledger.notes import VerifierKey
from judging.errors import JudgingError
from judging.notary import LogLost
from judging.services.contests import editions
from judging.services.results.publication import publish_results, withdraw_publication
from judging.services.score_log.papers import RecordDiffers
from judging.services.score_log.publishing import make_bundle
from judging.services.score_log.receipts import find_sheet_leaf, make_receipt
from judging.services.upkeep.check import check_installation
from judging.services.upkeep.readiness import Readiness
from judging.verify import Request, verify_bundle
from tests.ledger.log_maker import write_parts
from tests.score_log import tampering
from tests.score_log.contest import Played, play
from tests.score_log.copies import Site, make_site, played_on, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

    from judging.plugins import Registry
    from judging.services.platform import Platform
    from judging.services.score_log.receipts import SheetLeaf


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def published(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, registry: Registry
) -> Iterator[tuple[Site, Played]]:
    site = make_site(
        request.param, tmp_path_factory.mktemp("published"), sqlite_template=sqlite_template,
        postgres_server=lambda: request.getfixturevalue("postgres_server"),
    )  # fmt: skip
    with site.platform(registry) as platform:
        made = play(Played(platform.database, registry), entries=4, judges=3)
    yield site, made
    site.drop()


@dataclass(frozen=True, kw_only=True)
class Noticed:
    """What follows from a tampering: each of the ways in which it comes out.

    `checks` are those that `judging check` reports, `ready` is what /readyz and `judging log status` say of the log,
    `bundle` is why no new bundle is made of it, `receipt` why no receipt of an early sheet is, `next_act` and
    `closing` are what the next act of all and the next closing are refused with, and `verify` is how the recount ends
    of a bundle that the administrator makes without the program.
    """

    checks: set[str]
    ready: bool = True
    bundle: type[JudgingError] | None = None
    receipt: type[JudgingError] | None = None
    next_act: type[JudgingError] | None = None
    closing: type[JudgingError] | None = None
    verify: Exit = Exit.OK


LOGS, SHEETS, TOTALS, RULES, PUBLICATIONS = "score-logs", "recorded-sheets", "sheet-totals", "rules", "publications"
LOST: dict[str, Any] = {"ready": False, "next_act": LogLost}
EXPECTED: dict[Callable[[Connection], None], Noticed] = {
    # The log is whole, so that everybody else's proof against the change is.
    tampering.change_mark: Noticed(checks={SHEETS, TOTALS, PUBLICATIONS}, closing=RecordDiffers),
    tampering.change_publication: Noticed(checks={PUBLICATIONS}),
    tampering.change_rules: Noticed(
        checks={RULES, TOTALS, PUBLICATIONS}, bundle=RecordDiffers, closing=RecordDiffers
    ),
    tampering.change_leaf: Noticed(
        checks={LOGS, SHEETS}, bundle=RecordDiffers, closing=RecordDiffers, verify=Exit.HASH
    ),
    tampering.change_leaf_and_hash: Noticed(
        checks={LOGS, SHEETS}, bundle=RecordDiffers, closing=RecordDiffers, verify=Exit.HASH
    ),
    tampering.change_leaf_and_tree: Noticed(
        checks={LOGS, SHEETS}, bundle=LogLost, receipt=LogLost, verify=Exit.HASH, **LOST
    ),
    tampering.change_mark_leaf_and_tree: Noticed(
        checks={LOGS, TOTALS, SHEETS, PUBLICATIONS}, bundle=LogLost, receipt=LogLost, verify=Exit.HASH, **LOST
    ),
    # A bundle holds leaves, and no nodes below its tiles: it is sound, and so is the ranking.
    tampering.change_node: Noticed(checks={LOGS}, receipt=LogLost),
    tampering.change_top_node: Noticed(checks={LOGS}, bundle=LogLost, closing=LogLost),
    tampering.swap_leaves: Noticed(
        checks={LOGS, SHEETS}, bundle=RecordDiffers, receipt=LogLost, closing=RecordDiffers, verify=Exit.HASH
    ),
    # The last leaf is that of the publication, after what the bundle covers.
    tampering.delete_last_leaf: Noticed(checks={LOGS}, bundle=RecordDiffers, receipt=LogLost, closing=LogLost),
    tampering.delete_last_leaf_and_tree: Noticed(checks={LOGS}, bundle=LogLost, receipt=LogLost, **LOST),
    tampering.insert_leaf: Noticed(checks={SHEETS}, bundle=RecordDiffers, closing=RecordDiffers),
    tampering.insert_leaf_among_others: Noticed(
        checks={LOGS, SHEETS}, bundle=RecordDiffers, receipt=LogLost, verify=Exit.HASH, **LOST
    ),
    tampering.change_kept_rules: Noticed(
        checks={LOGS}, bundle=RecordDiffers, closing=RecordDiffers, verify=Exit.HASH
    ),
    tampering.change_all_rules: Noticed(
        checks={LOGS, RULES, TOTALS, PUBLICATIONS}, bundle=RecordDiffers, closing=RecordDiffers, verify=Exit.HASH
    ),
    tampering.change_kept_plan: Noticed(
        checks={LOGS}, bundle=RecordDiffers, closing=RecordDiffers, verify=Exit.HASH
    ),
    tampering.change_kept_ranking: Noticed(
        checks={LOGS}, bundle=RecordDiffers, closing=RecordDiffers, verify=Exit.RANKING
    ),
}  # fmt: skip


def refusal(act: Callable[[], object]) -> type[JudgingError] | None:
    try:
        act()
    except JudgingError as error:
        return type(error)
    return None


@pytest.mark.parametrize("act", EXPECTED, ids=lambda act: act.__name__)
def test_tampering_comes_out(
    published: tuple[Site, Played], tmp_path: Path, registry: Registry, act: Callable[[Connection], None]
) -> None:
    # What contests of the same rules were read before is shared by a process, and hides what the rows say now.
    editions._READ.clear()
    site, before = published
    copy = site.copy(tmp_path / "copy")
    kept = next(copy.settings.score_log.glob("bundles/*.zip")).replace(tmp_path / "published.zip")
    copy.tamper(act)
    with copy.platform(registry) as platform:
        played = played_on(platform, registry, before)
        found = Noticed(
            checks={one.name for one in check_installation(platform) if not one.ok},
            ready=Readiness(platform).look()["score_log"],
            bundle=refusal(lambda: played.look(make_bundle)),
            receipt=refusal(
                lambda: played.look(lambda session, _: make_receipt(session, first_sheet(session, played)))
            ),
            verify=verified(forge_bundle(platform, kept, tmp_path / "forged.zip"), kept),
            next_act=refusal(lambda: played.do(withdraw_publication, reason="Kiểm tra lại")),
            # What is refused already is not closed either.
            closing=None
            if EXPECTED[act].next_act
            else refusal(lambda: played.order(publish_results, decision="1841/QĐ-UBND")),
        )
    copy.drop()

    assert found == EXPECTED[act]
    assert verified(kept, kept) is Exit.OK


def test_contest_that_nobody_changed_is_sound(
    published: tuple[Site, Played], tmp_path: Path, registry: Registry
) -> None:
    site, before = published
    copy = site.copy(tmp_path / "copy")
    kept = next(copy.settings.score_log.glob("bundles/*.zip")).replace(tmp_path / "published.zip")
    with copy.platform(registry) as platform:
        played = played_on(platform, registry, before)
        assert [one.problems for one in check_installation(platform) if not one.ok] == []
        assert Readiness(platform).look()["score_log"]
        assert played.look(make_bundle).path.read_bytes() == kept.read_bytes()
        assert verified(forge_bundle(platform, kept, tmp_path / "forged.zip"), kept) is Exit.OK
        played.do(withdraw_publication, reason="Kiểm tra lại")
        played.order(publish_results, decision="1841/QĐ-UBND")
    copy.drop()


def first_sheet(session: Session, played: Played) -> SheetLeaf:
    leaf = find_sheet_leaf(session, played.sheets[0])
    assert leaf is not None
    return leaf


def forge_bundle(platform: Platform, published: Path, target: Path) -> Path:
    """The bundle that the administrator makes of the rows as they are, with the checkpoint that was signed before."""
    with zipfile.ZipFile(published) as archive:
        said = {name: archive.read(name) for name in archive.namelist() if not name.startswith("tile/")}
    with platform.database.engine.connect() as connection:
        leaves = [bytes(row["entry"]) for row in rows(connection, "SELECT entry FROM log_leaf ORDER BY idx")]
        found = rows(connection, "SELECT name, sha256, content FROM log_document")
    documents = {}
    for one in found:
        # Of several plans it is the one that the log names last; the administrator changed each.
        if one["name"] not in documents or one["sha256"] == sha256_hex(said.get(one["name"], b"")):
            documents[one["name"]] = bytes(one["content"])
    size = read_checkpoint(said["checkpoint"]).size
    leaves += leaves[-1:] * (size - len(leaves))
    tree = MemoryTree([leaf_hash(leaf) for leaf in leaves[:size]])
    parts = BundleParts(
        checkpoint=said["checkpoint"], log_key=VerifierKey.parse(said["log.vkey"].decode().strip()),
        leaves=leaves[:size], read=tree.read, rules=documents["rules.json"], earlier_rules=[],
        rubric=said["rubric.json"], roster=documents["roster.json"], assignment=documents["assign.json"],
        plugins=documents["plugins.json"], ranking=documents["ranking.json"],
    )  # fmt: skip
    return write_parts(parts, target)


def verified(bundle: Path, published: Path) -> Exit:
    """How the recount of a bundle ends, by the key that was published."""
    with zipfile.ZipFile(published) as archive:
        key = VerifierKey.parse(archive.read("log.vkey").decode().strip())
    return verify_bundle(Request(bundle=bundle, keys=[key], receipts={}, since=None)).code
