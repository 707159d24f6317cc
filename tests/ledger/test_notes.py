"""Signed notes and checkpoints: read by Go and sigstore, refused by all where a byte differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from sigstore._internal.rekor.checkpoint import SignedCheckpoint
from sigstore._utils import KeyID
from sigstore.errors import VerificationError

from judging.domain.ledger.canonical import to_base64
from judging.domain.ledger.checkpoints import Checkpoint, Origin, open_checkpoint, read_checkpoint, sign_checkpoint
from judging.domain.ledger.faults import SignatureError
from judging.domain.ledger.merkle import leaf_hash
from judging.domain.ledger.notes import Note, SigningKey, VerifierKey, sign_note, verify_note
from tests.ledger.log_maker import signing_key

if TYPE_CHECKING:
    from sigstore._internal.trust import RekorKeyring

    from tests.ledger.conftest import Oracle

ORIGIN = "contest.example/spring-2026/log/1"
KEY = signing_key(ORIGIN)
SAID = Checkpoint(origin=ORIGIN, size=300, root=leaf_hash(b"root"))
SIGNED = sign_checkpoint(SAID, KEY)
SIGNATURE_LINE = SIGNED.index("— ".encode())


class Keyring:
    """The one key that sigstore's code is asked to hold a note against, in the manner of its own key ring."""

    def __init__(self, key: VerifierKey) -> None:
        self.key = key

    def verify(self, *, key_id: KeyID, signature: bytes, data: bytes) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(self.key.public).verify(signature, data)
        except Exception as error:
            raise VerificationError(str(key_id)) from error


def sigstore_accepts(data: bytes, key: VerifierKey = KEY.verifier) -> bool:
    ring: RekorKeyring = Keyring(key)  # type: ignore[assignment]  # it asks for nothing but `verify`
    try:
        signed = SignedCheckpoint.from_text(data.decode())
        signed.signed_note.verify(ring, KeyID(key.id))
    except (VerificationError, ValueError):
        return False
    return signed.checkpoint.origin == key.name


def ours_accepts(data: bytes) -> bool:
    try:
        return open_checkpoint(data, KEY.verifier) == SAID
    except SignatureError:
        return False


def test_checkpoint_is_accepted_by_all(oracle: Oracle) -> None:
    assert ours_accepts(SIGNED)
    assert sigstore_accepts(SIGNED)
    assert oracle.ask("checkpoint", Key=str(KEY.verifier), Note=SIGNED.decode()) == {
        "OK": True, "Why": "", "Origin": ORIGIN, "Size": 300, "Root": to_base64(SAID.root), "Proofs": None,
    }  # fmt: skip


@pytest.mark.parametrize("place", range(len(SIGNED)))
def test_checkpoint_with_any_byte_changed_is_refused_by_ours(place: int) -> None:
    accepted = [
        other for other in range(256)
        if other != SIGNED[place] and ours_accepts(SIGNED[:place] + bytes([other]) + SIGNED[place + 1 :])
    ]  # fmt: skip
    assert accepted == []


@pytest.mark.parametrize("bits", [0x01, 0x10])
def test_checkpoint_with_a_byte_changed_is_refused_by_go_and_sigstore(oracle: Oracle, bits: int) -> None:
    by_go, by_sigstore = [], []
    for place in range(len(SIGNED)):
        changed = SIGNED[:place] + bytes([SIGNED[place] ^ bits]) + SIGNED[place + 1 :]
        try:
            text = changed.decode()
        except UnicodeDecodeError:
            continue
        if oracle.accepts("checkpoint", Key=str(KEY.verifier), Note=text):
            by_go.append(place)
        if sigstore_accepts(changed):
            by_sigstore.append(place)
    assert by_go == []
    # sigstore goes by the key's number alone: it does not look at the name in the signature line.
    name = range(SIGNATURE_LINE + len("— ".encode()), SIGNED.index(b" ", SIGNATURE_LINE + 4))
    assert [place for place in by_sigstore if place not in name] == []


def test_note_signed_by_go_is_the_same(oracle: Oracle) -> None:
    signed = oracle.ask("sign", Key=KEY.secret_text, Data=SAID.text)["Root"]

    assert signed.encode() == SIGNED


@given(text=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
def test_note_of_any_text_can_be_signed_and_read(text: str) -> None:
    assert verify_note(sign_note(text + "\n", [KEY]), KEY.verifier) == text + "\n"


def test_signatures_of_others_are_passed_over() -> None:
    other = signing_key("other.example/x/log/1", bytes(32))
    both = sign_note(SAID.text, [other, KEY])

    assert open_checkpoint(both, KEY.verifier) == SAID
    assert [one.name for one in Note.parse(both).signatures] == [other.name, KEY.name]


def test_wrong_signature_under_a_known_key_is_refused_beside_a_right_one() -> None:
    wrong = sign_note(SAID.text.replace("300", "301"), [KEY]).split(b"\n\n")[1]

    with pytest.raises(SignatureError):
        open_checkpoint(SIGNED + wrong, KEY.verifier)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"text\n", b"text\n\n", b"\n\n", SIGNED[:-1], SIGNED + b"\n", SIGNED.replace(b"\n", b"\r\n"),
        SIGNED.replace(b"300", b"3\x0000"), b"\xff" + SIGNED, b"x" * 2_000_000, SIGNED + SIGNED.split(b"\n\n")[1] * 100,
        SIGNED.replace("— ".encode(), b"- "),
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused(data: bytes) -> None:
    with pytest.raises(SignatureError):
        open_checkpoint(data, KEY.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "", "a\n1\n", f"{ORIGIN}\n01\n{to_base64(SAID.root)}\n", f"{ORIGIN}\n1\n{to_base64(b'short')}\n",
        f"{ORIGIN}\n-1\n{to_base64(SAID.root)}\n", f"{SAID.text}more\n", f"{ORIGIN} x\n1\n{to_base64(SAID.root)}\n",
        f"contest.example/spring-2026/log/0\n1\n{to_base64(SAID.root)}\n",
        f"{ORIGIN}\n300\n{to_base64(SAID.root)[:-2]}B=\n",
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(SignatureError):
        Checkpoint.parse(text)


def test_checkpoint_of_another_log_is_refused() -> None:
    other = Checkpoint(origin="contest.example/autumn-2026/log/1", size=3, root=SAID.root)

    with pytest.raises(SignatureError):
        sign_checkpoint(other, KEY)
    with pytest.raises(SignatureError):
        open_checkpoint(sign_note(other.text, [KEY]), KEY.verifier)


def test_checkpoint_can_be_read_without_a_key() -> None:
    assert read_checkpoint(SIGNED) == SAID


def test_origin_tells_host_contest_and_epoch() -> None:
    assert Origin.parse(ORIGIN) == Origin("contest.example", "spring-2026", 1)
    assert str(Origin.parse("localhost:8000/c/log/12")) == "localhost:8000/c/log/12"


def test_keys_survive_being_written() -> None:
    made = SigningKey.generate(ORIGIN)
    read = SigningKey.parse(made.secret_text + "\n")

    assert (read.verifier, str(read.verifier)) == (made.verifier, str(VerifierKey.parse(str(made.verifier))))
    assert made.named("contest.example/autumn-2026/log/1").verifier.public == made.verifier.public
    assert made.secret_text not in f"{made!r}{made}"


@pytest.mark.parametrize(
    "text",
    [
        "", "name", "name+00000000+AQ==", str(KEY.verifier)[:-1], str(KEY.verifier).replace("2f29", "2f28"),
        str(KEY.verifier).replace("spring", "autumn"), "na me" + str(KEY.verifier)[5:], "name+zzzzzzzz+" + "A" * 44,
    ],
)  # fmt: skip
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(SignatureError):
        VerifierKey.parse(text)
    with pytest.raises(SignatureError):
        SigningKey.parse(f"PRIVATE+KEY+{text}")
    with pytest.raises(SignatureError):
        SigningKey.parse(text)


@pytest.mark.parametrize("name", ["two words", "a+b", ""])
def test_names_that_no_line_can_hold_are_refused(name: str) -> None:
    with pytest.raises(SignatureError):
        SigningKey.generate(name)
