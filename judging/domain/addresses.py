"""E-mail addresses as they are compared."""

from __future__ import annotations

import unicodedata


def email_key(email: str) -> str:
    """The form in which addresses are compared: NFKC, case-folded, without surrounding space."""
    return unicodedata.normalize("NFKC", email).strip().casefold()
