"""What the product makes of a whole contest, as Go's and sigstore's code see it."""

from __future__ import annotations

import json
import shutil
import string
import zipfile
from base64 import b64decode
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sigstore.errors import VerificationError
from sqlalchemy import select

from judging.composition import open_notary
from judging.db.engine import make_engine
from judging.db.models import LogLeaf
from judging.db.session import Database
from judging.domain.ledger.canonical import to_base64
from judging.domain.ledger.checkpoints import Checkpoint
from judging.domain.ledger.faults import Exit, LedgerError
from judging.domain.ledger.leaves import read_leaf
from judging.domain.ledger.merkle import consistency_proof, inclusion_proof, tree_root
from judging.domain.ledger.receipts import Receipt, verify_receipt
from judging.domain.ledger.tiles import entry_bundle, entry_tiles, hash_tile, hash_tiles, read_bundle
from judging.services.score_log.keeper import keep_logs
from judging.services.score_log.publishing import make_bundle
from judging.services.score_log.receipts import find_sheet_leaf, make_receipt
from judging.services.score_log.tree import read_nodes, stored_leaves
from judging.settings import Settings, create_data_folder
from judging.verify import Request, verify_bundle
from tests.ledger.test_notes import sigstore_accepts
from tests.ledger.test_receipts import both_of_sigstore_accept
from tests.score_log.contest import Played, play

if TYPE_CHECKING:
    from collections.abc import Iterator

    from judging.domain.ledger.notes import VerifierKey
    from judging.plugins import Registry
    from tests.ledger.conftest import Oracle


@pytest.fixture(scope="module")
def played(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> Iterator[Played]:
    settings = Settings.from_environment({}, data=create_data_folder(tmp_path_factory.mktemp("played") / "data"))
    shutil.copyfile(sqlite_template, settings.data / "judging.db")
    database = Database(make_engine(settings))
    keep_logs(database, notary=open_notary(settings), registry=registry)
    yield play(Played(database, registry), entries=52, judges=9, at_once=True)
    database.close()


@pytest.fixture(scope="module")
def receipts(played: Played) -> list[bytes]:
    """The receipt of every version that was submitted."""
    with played.database.reading() as session:
        leaves = [find_sheet_leaf(session, version) for version in played.sheets]
        return [bytes(make_receipt(session, leaf)) for leaf in leaves if leaf is not None]


@pytest.fixture(scope="module")
def notes(played: Played) -> list[bytes]:
    """The checkpoint at every size, as the notary signs it; the one at 0 first."""
    log, notary = played.log(), played.database.reading
    with notary() as session:
        read, keeper = read_nodes(session, log.id), session.info["judging_log_keeper"].notary
        states = [Checkpoint(origin=log.origin, size=size, root=tree_root(size, read)) for size in range(log.size + 1)]
        return [keeper.sign(state, read=read) for state in states]


def key_of(played: Played) -> VerifierKey:
    with played.database.reading() as session:
        key: VerifierKey = session.info["judging_log_keeper"].notary.verifier(played.log().origin)
        return key


def ours_accepts(data: bytes, key: VerifierKey) -> bool:
    try:
        verify_receipt(Receipt.parse(data), [key])
    except LedgerError:
        return False
    return True


def test_contest_has_everything_that_a_log_records(played: Played) -> None:
    with played.database.reading() as session:
        types = [read_leaf(entry)["type"] for _, entry in stored_leaves(session, played.log().id) if entry]
    assert set(types) == {"open", "assign", "sheet", "recuse", "round", "reopen", "award", "close", "publish"}
    assert types.count("sheet") == len(played.sheets) >= 300


def test_every_receipt_is_accepted_by_all(played: Played, receipts: list[bytes], oracle: Oracle) -> None:
    key = key_of(played)
    assert len(receipts) == len(set(receipts)) == len(played.sheets)
    for data in receipts:
        assert ours_accepts(data, key)
        assert oracle.accepts("receipt", Key=str(key), Data=data.decode())
        assert both_of_sigstore_accept(data, key)


def says_the_same(changed: bytes, data: bytes) -> bool:
    """Whether only the spelling of the signature changed.

    The base64 of 68 bytes ends in a character of which two bits mean nothing. Go's note and sigstore do not look at
    them; our reader does.
    """
    (head, _, last), (old_head, _, old_last) = changed.rpartition(b" "), data.rpartition(b" ")
    return head == old_head and b64decode(last) == b64decode(old_last)


def test_receipt_with_any_byte_changed_is_refused_by_all(played: Played, receipts: list[bytes], oracle: Oracle) -> None:
    key, data = key_of(played), receipts[150]
    name = range(data.index("— ".encode()), data.rindex(b" "))
    # sigstore's code does not read the receipt's first line nor the name in the signature line.
    unread = {*range(len("c2sp.org/tlog-proof@v1")), *name}
    accepted: dict[str, list[int]] = {"ours": [], "Go": [], "sigstore": []}
    for place in range(len(data)):
        changed = data[:place] + bytes([data[place] ^ 0x01]) + data[place + 1 :]
        if ours_accepts(changed, key):
            accepted["ours"].append(place)
        if place == data.rindex(b"=") - 1 and says_the_same(changed, data):
            continue
        try:
            if oracle.accepts("receipt", Key=str(key), Data=changed.decode()):
                accepted["Go"].append(place)
            if both_of_sigstore_accept(changed, key) and place not in unread:
                accepted["sigstore"].append(place)
        except (ValueError, VerificationError, IndexError):
            continue
    assert accepted == {"ours": [], "Go": [], "sigstore": []}


def test_signature_spelt_otherwise_is_refused_by_ours(played: Played, receipts: list[bytes]) -> None:
    key, data = key_of(played), receipts[150]
    place = data.rindex(b"=") - 1
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
    value = alphabet.index(chr(data[place]))
    assert value % 4 == 0
    for spare in (1, 2, 3):
        changed = data[:place] + alphabet[value + spare].encode() + data[place + 1 :]
        assert says_the_same(changed, data)
        assert not ours_accepts(changed, key)


def test_checkpoint_of_every_size_is_accepted_and_continues_the_ones_before(
    played: Played, notes: list[bytes], oracle: Oracle
) -> None:
    key, size = key_of(played), played.log().size
    assert len(notes) == size + 1
    for number, note in enumerate(notes):
        assert sigstore_accepts(note, key)
        answer = oracle.ask("checkpoint", Key=str(key), Note=note.decode())
        assert (answer["Why"], answer["Size"]) == ("", number)
    with played.database.reading() as session:
        read = read_nodes(session, played.log().id)
        for old in range(1, size):
            new = size if old % 2 else min(size, old + 7)
            proof = [to_base64(one) for one in consistency_proof(old, new, read)]
            asked = {"Old": notes[old].decode(), "Note": notes[new].decode()}
            assert oracle.accepts("consistency", Key=str(key), Proof=proof, **asked), (old, new)


def test_go_makes_our_proofs_from_the_tiles(played: Played, notes: list[bytes], oracle: Oracle, tmp_path: Path) -> None:
    log, key = played.log(), str(key_of(played))
    with played.database.reading() as session:
        read = read_nodes(session, log.id)
        for size in (1, 255, 256, 257, log.size):
            folder = tmp_path / str(size)
            for tile in hash_tiles(size):
                path = folder / tile.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(hash_tile(tile, read))
            items = list(range(size))
            made = oracle.ask("tiles", Key=key, Note=notes[size].decode(), Dir=str(folder), Items=items)
            assert made["Why"] == ""
            assert made["Proofs"] == [[to_base64(one) for one in inclusion_proof(item, size, read)] for item in items]


def test_entry_bundles_hold_what_go_finds_in_the_log(played: Played, notes: list[bytes], oracle: Oracle) -> None:
    log = played.log()
    with played.database.reading() as session:
        leaves = [entry for _, entry in stored_leaves(session, log.id)]
        read = read_nodes(session, log.id)
        for tile in entry_tiles(log.size):
            found = read_bundle(entry_bundle([leaves[index] for _, index in tile.nodes]))
            for (_, index), leaf in zip(tile.nodes, found, strict=True):
                path = inclusion_proof(index, log.size, read)
                receipt = Receipt(leaf=leaf, index=index, path=path, checkpoint=notes[log.size])
                assert oracle.accepts("receipt", Key=str(key_of(played)), Data=bytes(receipt).decode())


def test_bundle_is_recounted_and_honours_every_receipt_and_checkpoint(
    played: Played, receipts: list[bytes], notes: list[bytes], oracle: Oracle, tmp_path: Path
) -> None:
    key = key_of(played)
    bundle = played.look(make_bundle)
    given = {str(number): data for number, data in enumerate(receipts)}
    # The first sheet has three versions: the receipts of the first two are honoured, their sheets explained.
    outcome = verify_bundle(Request(bundle=bundle.path, keys=[key], receipts=given, since=None))
    assert outcome.code is Exit.OK, [(step.name, step.code, str(step.told)) for step in outcome.steps]
    for size in range(10, played.log().size - 1, 40):
        outcome = verify_bundle(Request(bundle=bundle.path, keys=[key], receipts={}, since=notes[size]))
        assert outcome.code is Exit.OK
    with zipfile.ZipFile(bundle.path) as archive:
        archive.extractall(tmp_path)
        assert json.loads(archive.read("ranking.json")) == json.loads(played.look(_published))
    closed = played.log().size - 1
    assert (tmp_path / "checkpoint").read_bytes() == notes[closed]
    made = oracle.ask(
        "tiles", Key=str(key), Note=notes[closed].decode(), Dir=str(tmp_path), Items=list(range(closed))
    )  # fmt: skip
    assert made["Why"] == ""


def _published(session: object, contest: object) -> str:
    from judging.services.results.prizes import living_publication

    found = living_publication(session, contest=contest)  # type: ignore[arg-type]  # as every reader gets them
    assert found is not None
    return json.dumps(found.ranking)


def test_each_version_stands_in_the_log_once(played: Played) -> None:
    with played.database.reading() as session:
        named = session.scalars(select(LogLeaf.subject_id).where(LogLeaf.subject_id.in_(played.sheets))).all()
    assert sorted(filter(None, named)) == sorted(played.sheets)
