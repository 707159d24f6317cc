"""Signed notes (C2SP signed-note): a text, and below it the signatures of those who vouch for it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from judging.domain.ledger.canonical import from_base64, to_base64
from judging.domain.ledger.faults import SignatureError
from judging.errors import N_

ED25519 = 0x01
COSIGNATURE = 0x04
"""Key types: a log's own signature, and a witness's signature with the time at which it saw the checkpoint."""

_LINE = "— {name} {signature}\n"
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_NAME = re.compile(r"[^\s+]+")
_SECRET = "PRIVATE+KEY"  # noqa: S105  # the marker that the key's own text begins with, no secret
_ID_BYTES, _KEY_BYTES, _SIGNATURE_BYTES, _TIME_BYTES = 4, 32, 64, 8
_MOST_BYTES, _MOST_SIGNATURES = 1_000_000, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A public key with the name of whom it speaks for."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that name the key in a signature line."""
        return _key_id(self.name, bytes([self.kind]) + self.public)

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{to_base64(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read `<name>+<id>+<key>`. Raises SignatureError."""
        name, key_id, key = _split_key(text, 3)
        if len(key) != 1 + _KEY_BYTES or key[0] not in (ED25519, COSIGNATURE):
            raise SignatureError(N_("The verifier key is of a kind that is not known here."))
        found = cls(name=name, kind=key[0], public=key[1:])
        if found.id.hex() != key_id:
            raise SignatureError(N_("The verifier key does not fit its own name and number."))
        return found


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key under the name it signs with; only `secret_text`, what a key file holds, shows the secret."""

    name: str
    private: Ed25519PrivateKey

    @classmethod
    def generate(cls, name: str) -> SigningKey:
        """A new key. Raises SignatureError for a name with spaces or a plus sign."""
        return cls(_checked_name(name), Ed25519PrivateKey.generate())

    @classmethod
    def parse(cls, text: str) -> SigningKey:
        """Read what `secret_text` wrote: `PRIVATE+KEY+<name>+<id>+<key>`. Raises SignatureError."""
        marker, _, rest = text.strip().partition("+")
        more, _, rest = rest.partition("+")
        if f"{marker}+{more}" != _SECRET:
            raise SignatureError(N_("The signing key cannot be read."))
        name, key_id, key = _split_key(rest, 3)
        if len(key) != 1 + _KEY_BYTES or key[0] != ED25519:
            raise SignatureError(N_("The signing key cannot be read."))
        found = cls(name, Ed25519PrivateKey.from_private_bytes(key[1:]))
        if found.verifier.id.hex() != key_id:
            raise SignatureError(N_("The signing key does not fit its own name and number."))
        return found

    def named(self, name: str) -> SigningKey:
        """The same private key under another name: each log signs with its own origin."""
        return SigningKey(_checked_name(name), self.private)

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(name=self.name, kind=ED25519, public=self.private.public_key().public_bytes_raw())

    @property
    def secret_text(self) -> str:
        """The key as one line of text, for a file that only its owner may read."""
        secret = bytes([ED25519]) + self.private.private_bytes_raw()
        return f"{_SECRET}+{self.name}+{self.verifier.id.hex()}+{to_base64(secret)}"

    def __repr__(self) -> str:
        return f"SigningKey({self.name!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature line: who signs, with which key, and the bytes."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note as it was read; nothing of it is verified yet."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, data: bytes) -> Note:
        """Read a note. Raises SignatureError for what is no signed note, or has more than one spelling."""
        text, _, block = _decode(data).rpartition("\n\n")
        if not text or not block.endswith("\n"):
            raise SignatureError(N_("This is no signed note."))
        lines = block.removesuffix("\n").split("\n")
        if len(lines) > _MOST_SIGNATURES:
            raise SignatureError(N_("This is no signed note."))
        return cls(text=text + "\n", signatures=tuple(map(_read_line, lines)))


def sign_note(text: str, keys: Sequence[SigningKey]) -> bytes:
    """The note of that text, signed with each of the keys. The text ends with a line feed."""
    lines = []
    for key in keys:
        signature = key.private.sign(text.encode())
        lines.append(_LINE.format(name=key.name, signature=to_base64(key.verifier.id + signature)))
    return (text + "\n" + "".join(lines)).encode()


def verify_note(data: bytes, key: VerifierKey) -> str:
    """The text of a note that `key` signed; signatures of others are passed over. Raises SignatureError."""
    note = Note.parse(data)
    signatures = _signatures_of(note, key)
    if not signatures:
        raise SignatureError(N_("The note is not signed by “%(name)s”."), name=key.name)
    for signature in signatures:
        _verify(key, signature.signature, note.text.encode())
    return note.text


def verify_cosignature(data: bytes, key: VerifierKey) -> int:
    """When the witness `key` signed the note, in seconds since 1970 (C2SP tlog-cosignature). Raises SignatureError."""
    note = Note.parse(data)
    signatures = _signatures_of(note, key)
    if key.kind != COSIGNATURE or not signatures or len(signatures[0].signature) != _TIME_BYTES + _SIGNATURE_BYTES:
        raise SignatureError(N_("The note is not signed by “%(name)s”."), name=key.name)
    stamp = int.from_bytes(signatures[0].signature[:_TIME_BYTES], "big")
    _verify(key, signatures[0].signature[_TIME_BYTES:], f"cosignature/v1\ntime {stamp}\n{note.text}".encode())
    return stamp


def _signatures_of(note: Note, key: VerifierKey) -> list[Signature]:
    return [one for one in note.signatures if (one.name, one.key_id) == (key.name, key.id)]


def _verify(key: VerifierKey, signature: bytes, message: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise SignatureError(N_("The signature of “%(name)s” is not valid."), name=key.name) from error


def _decode(data: bytes) -> str:
    try:
        text = data.decode() if len(data) <= _MOST_BYTES else ""
    except UnicodeDecodeError:
        text = ""
    if not text or any(sign < " " and sign != "\n" for sign in text):
        raise SignatureError(N_("This is no signed note."))
    return text


def _read_line(line: str) -> Signature:
    found = _SIGNATURE.fullmatch(line)
    try:
        signature = from_base64(found[2]) if found else b""
    except ValueError:
        signature = b""
    if found is None or len(signature) <= _ID_BYTES:
        raise SignatureError(N_("This is no signed note."))
    return Signature(name=found[1], key_id=signature[:_ID_BYTES], signature=signature[_ID_BYTES:])


def _split_key(text: str, parts: int) -> tuple[str, str, bytes]:
    """Name, number and key bytes. The key itself may hold plus signs."""
    pieces = text.strip().split("+", parts - 1)
    try:
        name, key_id, key = pieces
        return _checked_name(name), key_id, from_base64(key)
    except ValueError as error:
        raise SignatureError(N_("The key cannot be read.")) from error


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise SignatureError(N_("A key's name has no spaces and no plus sign: “%(name)s”."), name=name)
    return name


def _key_id(name: str, key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + key).digest()[:_ID_BYTES]
