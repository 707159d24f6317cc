"""The signing keys: one secret seed outside the database, of which each log's own key is derived."""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from judging.domain.ledger.checkpoints import Origin
from judging.domain.ledger.faults import SignatureError
from judging.domain.ledger.notes import SigningKey
from judging.errors import N_

SEED_FILE = "signing.seed"
_SEED_BYTES = 32
_PURPOSE = b"judging score log, Ed25519 key of "


class LogKeys:
    """The keys of all logs of an installation.

    A log's key is derived from the seed and the log's origin by HKDF (RFC 5869): a new log needs no new secret, and
    several machines need only share the one file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: dict[str, SigningKey] = {}

    def of(self, origin: str) -> SigningKey:
        """The key of a log. Makes the seed at the first use; raises SignatureError when its file cannot be read."""
        found = self._keys.get(origin)
        if found is None:
            derived = HKDF(algorithm=SHA256(), length=_SEED_BYTES, salt=None, info=_PURPOSE + origin.encode())
            private = Ed25519PrivateKey.from_private_bytes(derived.derive(self._seed()))
            found = self._keys[origin] = SigningKey(str(Origin.parse(origin)), private)
        return found

    def _seed(self) -> bytes:
        path = self._folder / SEED_FILE
        if not path.exists():
            _write_once(path, base64.b64encode(secrets.token_bytes(_SEED_BYTES)))
        try:
            seed = base64.b64decode(path.read_bytes().strip(), validate=True)
        except (OSError, ValueError) as error:
            raise SignatureError(N_("The signing key cannot be read.")) from error
        if len(seed) != _SEED_BYTES:
            raise SignatureError(N_("The signing key cannot be read."))
        return seed


def _write_once(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all; one that is there already stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as writable:
        writable.write(content + b"\n")
        writable.flush()
        os.fsync(writable.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
