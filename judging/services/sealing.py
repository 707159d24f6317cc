"""Secrets that must be read again are stored sealed under a key made of the installation's own: see db.sealed."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from judging.db.sealed import Sealer

if TYPE_CHECKING:
    from judging.settings import Settings


def seal(settings: Settings, text: str, *, purpose: str) -> str:
    """Seal `text`; the answer is ASCII."""
    return Sealer(settings.secret_key).seal(text, purpose=purpose)


def unseal(settings: Settings, sealed: str, *, purpose: str) -> str:
    """Read what `seal` sealed for the same purpose. Raises SealBroken."""
    return Sealer(settings.secret_key).unseal(sealed, purpose=purpose)


def fingerprint(settings: Settings, text: str, *, purpose: str) -> str:
    """A keyed SHA-256 in hexadecimal, for short codes that could be guessed from a plain one."""
    return hmac.new(Sealer(settings.secret_key).key(purpose), text.encode(), hashlib.sha256).hexdigest()
