"""Secrets that must be read again are stored sealed: AES-256-GCM under a key made of the installation's own.

Each purpose has a key of its own (HKDF, RFC 5869), so that what was sealed for one cannot be passed off as another's.
Whoever has the database alone can read nothing of it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from judging.errors import N_, JudgingError

if TYPE_CHECKING:
    from judging.settings import Settings

_KEY_BYTES = 32
_NONCE_BYTES = 12


class SealBroken(JudgingError):
    """What was sealed cannot be read: it was sealed under another key, for another purpose, or it was changed."""


def seal(settings: Settings, text: str, *, purpose: str) -> str:
    """Seal `text`; the answer is ASCII."""
    nonce = os.urandom(_NONCE_BYTES)
    box = AESGCM(_key(settings, purpose)).encrypt(nonce, text.encode(), purpose.encode())
    return base64.urlsafe_b64encode(nonce + box).decode("ascii")


def unseal(settings: Settings, sealed: str, *, purpose: str) -> str:
    """Read what `seal` sealed for the same purpose. Raises SealBroken."""
    try:
        raw = base64.urlsafe_b64decode(sealed.encode("ascii"))
        box = AESGCM(_key(settings, purpose)).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken(N_("A sealed value cannot be read with this installation's key.")) from error
    return box.decode()


def fingerprint(settings: Settings, text: str, *, purpose: str) -> str:
    """A keyed SHA-256 in hexadecimal, for short codes that could be guessed from a plain one."""
    return hmac.new(_key(settings, purpose), text.encode(), hashlib.sha256).hexdigest()


def _key(settings: Settings, purpose: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=f"judging.{purpose}".encode())
    return derive.derive(settings.secret_key.encode())
