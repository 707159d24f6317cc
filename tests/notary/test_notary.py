"""The notary signs what continues what it signed before, whoever else signs, whatever becomes of the database."""

from __future__ import annotations

import errno
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from judging.domain.ledger.merkle import leaf_hash, peaks
from judging.notary import LogLost
from judging.notary.memory import CheckpointFile
from tests.notary.trees import ORIGIN, StoredLog, check, notary_in, note_of, said, sizes_kept, witness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from judging.domain.ledger.merkle import NodeId


def many(count: int, mark: bytes = b"") -> list[bytes]:
    return [mark + str(number).encode() for number in range(count)]


def test_growth_is_signed_and_kept(tmp_path: Path) -> None:
    notary, log = notary_in(tmp_path), StoredLog()

    note = witness(notary, log, *many(5))

    assert said(tmp_path, note) == log.state()
    assert notary.newest(ORIGIN) == note
    assert notary_in(tmp_path).newest(ORIGIN) == note
    check(notary_in(tmp_path), log)


def test_growth_in_pieces_gives_the_same_root_in_one_process_and_in_many(tmp_path: Path) -> None:
    log, one = StoredLog(), notary_in(tmp_path)
    for number in range(40):
        notary = one if number % 3 else notary_in(tmp_path)
        witness(notary, log, *many(1 + number % 4, b"%d-" % number))
        check(one, log)
    assert said(tmp_path, one.newest(ORIGIN) or b"") == log.state()


def test_units_of_work_that_are_signed_out_of_order(tmp_path: Path) -> None:
    """Two threads commit one after the other, and the second comes first to the notary."""
    notary, log = notary_in(tmp_path), StoredLog()
    witness(notary, log, b"open")
    first, second = log.grow(b"a"), log.grow(b"b", b"c")

    late = notary.witness(second, read=log.read)
    early = notary.witness(first, read=log.read)

    assert (said(tmp_path, early), said(tmp_path, late)) == (log.state(2), log.state(4))


@pytest.mark.parametrize("fresh", [False, True])
def test_log_that_lost_leaves_is_refused(tmp_path: Path, fresh: bool) -> None:
    notary, log = notary_in(tmp_path), StoredLog()
    witness(notary, log, *many(9))
    del log.leaves[5:]
    notary = notary_in(tmp_path) if fresh else notary

    with pytest.raises(LogLost, match="judging log recover"):
        check(notary, log)
    with pytest.raises(LogLost):
        notary.sign(log.state(), read=log.read) if fresh else notary.sign(
            StoredLog(many(5, b"x")).state(), read=log.read
        )
    with pytest.raises(LogLost):
        witness(notary, log, *many(8, b"other"))


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("grown", [0, 3])
def test_log_whose_earlier_leaves_changed_is_refused(tmp_path: Path, fresh: bool, grown: int) -> None:
    notary, log = notary_in(tmp_path), StoredLog()
    witness(notary, log, *many(9))
    log.leaves[2] = b"forged"
    log.leaves += many(grown, b"later")
    notary = notary_in(tmp_path) if fresh else notary

    with pytest.raises(LogLost, match="not those that were signed"):
        check(notary, log)
    with pytest.raises(LogLost):
        notary.sign(log.state(), read=log.read)
    with pytest.raises(LogLost):
        witness(notary, log, b"next")


def test_growth_that_does_not_give_the_root_it_names_is_refused(tmp_path: Path) -> None:
    notary, log = notary_in(tmp_path), StoredLog()
    witness(notary, log, *many(4))
    growth = log.grow(b"e")
    growth.root = StoredLog(many(5)).root[::-1]

    with pytest.raises(LogLost):
        notary.witness(growth, read=log.read)
    assert said(tmp_path, notary_in(tmp_path).newest(ORIGIN) or b"").size == 4


def test_earlier_state_is_signed_again_by_any_process(tmp_path: Path) -> None:
    log, notary = StoredLog(), notary_in(tmp_path)
    notes = {size: witness(notary, log, b"%d" % size) for size in range(1, 20)}

    for size, note in notes.items():
        for one in (notary, notary_in(tmp_path)):
            assert one.sign(log.state(size), read=log.read) == note
    forged = StoredLog(many(7, b"forged")).state()
    for one in (notary, notary_in(tmp_path)):
        with pytest.raises(LogLost):
            one.sign(forged, read=log.read)


@pytest.mark.parametrize("node", [(1, 0), (0, 2), (2, 1), (3, 0)])
@pytest.mark.parametrize("fresh", [False, True])
def test_forged_nodes_lead_to_no_second_root_of_an_earlier_size(tmp_path: Path, node: NodeId, fresh: bool) -> None:
    """An earlier state may hang from other nodes than the newest: that the newest is right says nothing of it."""
    notary, log = notary_in(tmp_path), StoredLog()
    notes = {size: witness(notary, log, b"%d" % size) for size in range(1, 20)}
    log.forged[node] = leaf_hash(b"forged")
    notary = notary_in(tmp_path) if fresh else notary
    signed = {}
    for size in notes:
        with suppress(LogLost):
            signed[size] = notary.sign(log.state(size), read=log.read)
    assert signed
    assert {size: note for size, note in signed.items() if note != notes[size]} == {}


def test_forged_peaks_lead_to_no_growth_that_forgets_the_leaves_before(tmp_path: Path) -> None:
    """What was committed and not signed yet lies between: the new peaks need not be those of what was signed."""
    notary, log = notary_in(tmp_path), StoredLog()
    witness(notary, log, *many(8))
    log.grow(*many(2, b"unsigned"))
    forged = StoredLog(many(8, b"forged") + log.leaves[8:])
    growth = forged.grow(b"next")
    honest = dict(zip(peaks(8), log.read(peaks(8)), strict=True))

    def read(nodes: Sequence[NodeId]) -> list[bytes]:
        # Asked for the tree of 8 alone, it shows what was signed; asked for more, what was put in its place.
        return [honest[node] for node in nodes] if tuple(nodes) == peaks(8) else forged.read(nodes)

    with pytest.raises(LogLost):
        notary_in(tmp_path).witness(growth, read=read)
    with pytest.raises(LogLost):
        notary_in(tmp_path).sign(forged.state(), read=read)
    with pytest.raises(LogLost):
        notary_in(tmp_path).check(ORIGIN, size=forged.size, root=forged.root, read=read)


def test_what_another_key_signed_stops_the_log(tmp_path: Path) -> None:
    CheckpointFile(tmp_path, ORIGIN).keep(note_of(tmp_path / "elsewhere", 3), size=3)
    notary, log = notary_in(tmp_path), StoredLog(many(3))

    for act in (lambda: check(notary, log), lambda: witness(notary, log, b"next"), lambda: notary.newest(ORIGIN)):
        with pytest.raises(LogLost, match="judging log recover"):
            act()
    assert notary.last_promise(ORIGIN) == note_of(tmp_path / "elsewhere", 3)


def test_nothing_was_promised_of_a_log_that_nobody_signed(tmp_path: Path) -> None:
    assert notary_in(tmp_path).newest(ORIGIN) is None
    with pytest.raises(LogLost):
        notary_in(tmp_path).last_promise(ORIGIN)


def test_checkpoint_that_could_not_be_kept_is_not_handed_out_later_unkept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A promise that is not on the disk is none: a restored database could break it unseen."""
    notary, log = notary_in(tmp_path), StoredLog()
    witness(notary, log, *many(3))

    def full(_file: CheckpointFile, _lines: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(CheckpointFile, "_store", full)
        with pytest.raises(OSError, match="No space"):
            witness(notary, log, b"fourth")
        with pytest.raises(OSError, match="No space"):
            notary.sign(log.state(), read=log.read)

    note = notary.sign(log.state(), read=log.read)
    assert said(tmp_path, notary_in(tmp_path).newest(ORIGIN) or b"") == said(tmp_path, note) == log.state(4)


def test_earlier_state_is_handed_out_once_a_later_one_is_kept(tmp_path: Path) -> None:
    """Another process signed more than is on the disk for sure; this one waits for it before it promises less."""
    first, log = notary_in(tmp_path), StoredLog()
    witness(first, log, *many(6))
    second = notary_in(tmp_path)

    second.sign(log.state(4), read=log.read)

    assert sizes_kept(CheckpointFile(tmp_path, ORIGIN).path) == [6, 6]
