"""The key that locks a person's unsent drafts on their device.

It is made from the installation's secret and the account, and given to the person's own pages only: a draft survives
the end of a session, and is not readable by whoever uses the device meanwhile.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping

_OWNER_LENGTH = 12


def draft_lock(secret: str, account_id: str) -> Mapping[str, str]:
    """{"owner": under what the drafts lie on the device, "key": 32 bytes as base64}."""
    return {
        "owner": _made(secret, "draft-owner", account_id).hex()[:_OWNER_LENGTH],
        "key": base64.b64encode(_made(secret, "draft-key", account_id)).decode(),
    }


def _made(secret: str, purpose: str, account_id: str) -> bytes:
    return hmac.digest(secret.encode(), f"{purpose}:{account_id}".encode(), hashlib.sha256)
