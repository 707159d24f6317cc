"""Yesterday's backup is put back without a word: nothing is recorded, and what is lost shows when the log goes on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from judging.cli.program import program
from judging.composition import create_web
from judging.domain.ledger.checkpoints import read_checkpoint
from judging.domain.ledger.faults import Exit
from judging.domain.ledger.leaves import read_leaf
from judging.notary import LogLost
from judging.services.score_log.keeper import keeper_of
from judging.services.score_log.publishing import make_bundle
from judging.services.score_log.receipts import find_sheet_leaf, make_receipt
from judging.services.score_log.tree import stored_leaves
from judging.verify import Request, verify_bundle
from tests.score_log.contest import Played
from tests.score_log.copies import Site, make_site, played_on
from tests.services.office import FINAL, PRELIMINARY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from judging.domain.ledger.notes import VerifierKey
    from judging.plugins import Registry

KEPT, LOST = 100, 150
# Six entries go on to the final, and no two of them have the same marks.
SHARES = {number: f"0.{98 - 4 * number}" if number <= 6 else "0.5" for number in range(1, 56)}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def site(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> Iterator[Site]:
    made = make_site(
        request.param, tmp_path, sqlite_template=sqlite_template,
        postgres_server=lambda: request.getfixturevalue("postgres_server"),
    )  # fmt: skip
    yield made
    made.drop()


def grow(played: Played, size: int, notes: list[bytes], share: str | None = None) -> None:
    """Submit sheets until the log is that long, keeping the checkpoint after every tenth leaf."""
    while (now := played.log().size) < size:
        played.submit_some(PRELIMINARY, min(10 - now % 10, size - now), share)
        notes.append(newest_note(played))


def newest_note(played: Played) -> bytes:
    with played.database.reading() as session:
        note: bytes | None = keeper_of(session).notary.newest(played.log().origin)
    assert note is not None
    return note


def receipts_of(played: Played, versions: Sequence[str]) -> dict[str, bytes]:
    with played.database.reading() as session:
        leaves = {version: find_sheet_leaf(session, version) for version in versions}
        return {version: bytes(make_receipt(session, leaf)) for version, leaf in leaves.items() if leaf is not None}


def finish(played: Played) -> None:
    played.submit_all(PRELIMINARY, at_once=True)
    played.close(PRELIMINARY)
    played.advance(PRELIMINARY)
    played.assign(FINAL)
    played.start(FINAL)
    played.submit_all(FINAL, at_once=True)
    played.close(FINAL)
    played.publish()
    played.bundle()


def keys_of(played: Played) -> list[VerifierKey]:
    with played.database.reading() as session:
        notary = keeper_of(session).notary
        return [notary.verifier(log.origin) for log in played.logs()]


def verified(played: Played, *, receipts: dict[str, bytes] | None = None, since: bytes | None = None) -> Exit:
    bundle = played.look(make_bundle).path
    outcome = verify_bundle(Request(bundle=bundle, keys=keys_of(played), receipts=receipts or {}, since=since))
    return outcome.code


def judging(site: Site, *arguments: str) -> tuple[int, str]:
    environ = {f"JUDGING_{name.upper()}": value for name, value in site.variables.items()}
    done = CliRunner().invoke(program, ["log", *arguments, "--data", str(site.data)], env=environ)
    return done.exit_code, done.output


def test_restored_log_refuses_until_it_is_recovered_and_its_lost_receipts_are_told(
    site: Site, registry: Registry, tmp_path: Path
) -> None:
    notes: list[bytes] = []
    with site.platform(registry) as platform:
        before = Played(platform.database, registry)
        before.shares = SHARES
        before.open(entries=55, judges=9)
        before.assign(PRELIMINARY)
        before.start(PRELIMINARY)
        grow(before, KEPT, notes)
    backup = site.copy(tmp_path / "backup")
    with site.platform(registry) as platform:
        going = played_on(platform, registry, before)
        grow(going, LOST, notes)
        receipts = receipts_of(going, going.sheets)
        promised = newest_note(going)
    assert read_checkpoint(promised).size == LOST

    fork(backup, registry, before, tmp_path)
    restored = backup.copy_database(site)
    with restored.platform(registry) as platform:
        played = played_on(platform, registry, before)
        refuses(played, platform)
    assert judging(restored, "status")[0] == 1
    code, said = judging(restored, "recover", slug_of(restored, registry, before), "--reason", "Đĩa hỏng", "--json")
    assert (code, json.loads(said)["epoch"]) == (0, 2), said
    assert judging(restored, "status")[0] == 0

    with restored.platform(registry) as platform:
        played = played_on(platform, registry, before)
        finish(played)
        begins = first_leaf(played)
        assert (begins["type"], begins["prev_checkpoint"]) == ("open", promised.decode())
        kept = {version: receipts[version] for version in before.sheets}
        lost = {version: data for version, data in receipts.items() if version not in kept}
        assert (len(kept), len(lost)) == (KEPT - 2, LOST - KEPT)
        assert verified(played) is Exit.OK
        assert verified(played, receipts=kept) is Exit.OK
        for version, data in lost.items():
            assert verified(played, receipts={version: data}) is Exit.RECEIPT, version
    for one in (backup, restored):
        one.drop()


def fork(backup: Site, registry: Registry, before: Played, tmp_path: Path) -> None:
    """The same log twice, from one backup and with one key: each continues its own checkpoints, and not the other's."""
    mine: list[bytes] = []
    other: list[bytes] = []
    sites = backup.copy(tmp_path / "one"), backup.copy(tmp_path / "other")
    with sites[1].platform(registry) as platform:
        grow(played_on(platform, registry, before), KEPT + 20, other, share="0.7")
    with sites[0].platform(registry) as platform:
        played = played_on(platform, registry, before)
        grow(played, KEPT + 20, mine)
        finish(played)
        assert [verified(played, since=note) for note in mine] == [Exit.OK, Exit.OK]
        assert [verified(played, since=note) for note in other] == [Exit.NOT_APPEND_ONLY] * 2
        assert [read_checkpoint(note).size for note in mine] == [read_checkpoint(note).size for note in other]
    for site in sites:
        site.drop()


def refuses(played: Played, platform: Any) -> None:
    waiting = played.waiting(PRELIMINARY)
    with pytest.raises(LogLost, match="judging log recover") as refused:
        played.submit(waiting[0])
    assert refused.value.status == 503
    assert played.waiting(PRELIMINARY) == waiting
    answer = create_web(platform).test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["score_log"]) == (503, "not ok")


def slug_of(site: Site, registry: Registry, before: Played) -> str:
    with site.platform(registry) as platform:
        return str(played_on(platform, registry, before).log().slug)


def first_leaf(played: Played) -> dict[str, Any]:
    with played.database.reading() as session:
        [(_, entry)] = stored_leaves(session, played.log().id, end=1)
    assert entry is not None
    return dict(read_leaf(entry))


def test_checkpoint_after_every_ten_sheets_is_a_beginning_of_the_result(site: Site, registry: Registry) -> None:
    notes: list[bytes] = []
    with site.platform(registry) as platform:
        played = Played(platform.database, registry)
        played.shares = SHARES
        played.open(entries=20, judges=5)
        played.assign(PRELIMINARY)
        played.start(PRELIMINARY)
        grow(played, 60, notes)
        finish(played)
        assert [verified(played, since=note) for note in notes] == [Exit.OK] * 6
