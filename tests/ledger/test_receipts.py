"""Receipts: each stands alone, is accepted by Go and sigstore, and is refused by all where a byte differs."""

from __future__ import annotations

import base64
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from sigstore._internal import merkle
from sigstore.errors import VerificationError

from judging.domain.ledger.canonical import to_base64
from judging.domain.ledger.faults import LedgerError, ReceiptError
from judging.domain.ledger.merkle import consistency_proof, leaf_hash
from judging.domain.ledger.receipts import Receipt, short_code, verify_receipt
from tests.ledger.conftest import kind_rules
from tests.ledger.log_maker import LogMaker, signing_key
from tests.ledger.played import play
from tests.ledger.test_notes import sigstore_accepts

if TYPE_CHECKING:
    from judging.domain.ledger.notes import VerifierKey
    from tests.ledger.conftest import Oracle


@cache
def log() -> LogMaker:
    made = play(kind_rules("startup"), 3, entries=40)
    assert len(made.leaves) >= 300
    return made


KEY = signing_key("contest.example/spring-2026/log/1").verifier


def ours_accepts(data: bytes) -> bool:
    try:
        verify_receipt(Receipt.parse(data), [KEY])
    except LedgerError:
        return False
    return True


def both_of_sigstore_accept(data: bytes, key: VerifierKey = KEY) -> bool:
    """sigstore's note and Merkle code over what stands in the receipt's text."""
    head, _, checkpoint = data.decode().partition("\n\n")
    _, extra, index, *path = head.split("\n")
    lines = checkpoint.split("\n")
    proof = SimpleNamespace(
        log_index=int(index.removeprefix("index ")),
        tree_size=int(lines[1]),
        hashes=[_strict(line) for line in path],
        root_hash=_strict(lines[2]),
    )
    body = _strict(extra.removeprefix("extra "))
    entry: Any = SimpleNamespace(_inner=SimpleNamespace(inclusion_proof=proof, canonicalized_body=body))
    merkle.verify_merkle_inclusion(entry)
    return sigstore_accepts(checkpoint.encode(), key)


def _strict(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    if to_base64(data) != text:
        raise ValueError(text)
    return data


def test_every_receipt_is_accepted_by_all(oracle: Oracle) -> None:
    """Each against the log as it was a little later, as receipts are given, and the last against the whole log."""
    made = log()
    sizes = {index: min(index + 1 + index % 7, len(made.leaves)) for index in range(len(made.leaves))}
    for index, size in {**sizes, 5: len(made.leaves)}.items():
        data = made.receipt(index, size)
        assert ours_accepts(data), index
        assert oracle.accepts("receipt", Key=str(KEY), Data=data.decode()), index
        assert both_of_sigstore_accept(data), index


def test_receipts_are_consistent_with_every_later_checkpoint(oracle: Oracle) -> None:
    made = log()
    size = len(made.leaves)
    for old in range(1, size, 13):
        proof = [to_base64(one) for one in consistency_proof(old, size, made.tree.read)]
        asked = {"Old": made.checkpoint(old).decode(), "Note": made.checkpoint().decode()}
        assert oracle.accepts("consistency", Key=str(KEY), Proof=proof, **asked)
        if proof:
            proof[0] = to_base64(leaf_hash(b"another"))
            assert not oracle.accepts("consistency", Key=str(KEY), Proof=proof, **asked)


def test_receipt_with_any_byte_changed_is_refused_by_ours() -> None:
    data = log().receipt(41, 60)
    accepted = [
        (place, other)
        for place in range(len(data))
        for other in {data[place] ^ 0x01, data[place] ^ 0x10, data[place] ^ 0x20, data[place] ^ 0x80, 0x0A, 0x20, 0x41}
        if other != data[place] and ours_accepts(data[:place] + bytes([other]) + data[place + 1 :])
    ]
    assert accepted == []


@pytest.mark.parametrize("bits", [0x01, 0x10])
def test_receipt_with_a_byte_changed_is_refused_by_go_and_sigstore(oracle: Oracle, bits: int) -> None:
    data = log().receipt(41, 60)
    by_go, by_sigstore = [], []
    name = range(data.index("— ".encode()), data.rindex(b" "))
    for place in range(len(data)):
        changed = data[:place] + bytes([data[place] ^ bits]) + data[place + 1 :]
        try:
            if oracle.accepts("receipt", Key=str(KEY), Data=changed.decode()):
                by_go.append(place)
            if both_of_sigstore_accept(changed):
                by_sigstore.append(place)
        except (ValueError, VerificationError, IndexError):
            continue
    assert by_go == []
    # sigstore's code does not read the receipt's first lines nor the name in the signature line: those it cannot miss.
    unread = {*range(len("c2sp.org/tlog-proof@v1")), *name}
    assert [place for place in by_sigstore if place not in unread] == []


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:0], lambda data: data[:-1], lambda data: data + b"\n",
        lambda data: data.replace(b"\n\n", b"\n"),
        lambda data: data.replace(b"index 41", b"index 041"), lambda data: data.replace(b"index 41", b"index -41"),
        lambda data: data.replace(b"extra ", b"extra  "), lambda data: data.replace(b"@v1", b"@v2"),
        lambda data: data.replace(b"\nindex", b"\nAAAA\nindex"), lambda data: data.replace(b"\n\n", b"\nAAAA\n\n"),
        lambda data: data.replace(b"\n\n", b"\n" + to_base64(bytes(32)).encode() + b"\n\n"),
        lambda data: b"\xff" + data, lambda data: data + b"x" * 200_000,
    ],
)  # fmt: skip
def test_what_is_no_receipt_is_refused(change: Any) -> None:
    data = log().receipt(41, 60)

    with pytest.raises(ReceiptError):
        verify_receipt(Receipt.parse(change(data)), [KEY])


def test_receipt_of_another_log_is_refused() -> None:
    other = signing_key("contest.example/autumn-2026/log/1").verifier

    with pytest.raises(ReceiptError):
        verify_receipt(Receipt.parse(log().receipt(41, 60)), [other])


def test_short_code_is_the_beginning_of_the_leaf_hash_in_base_32() -> None:
    receipt = Receipt.parse(log().receipt(41, 60))

    assert receipt.code == short_code(leaf_hash(log().leaves[41]))
    assert len(receipt.code) == 10
    assert set(receipt.code) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
