"""Passkeys: WebAuthn credentials that a device keeps and opens by finger, face or its own code.

They are discoverable, so that nobody types an address, and the device must have verified its user: a passkey is both
factors at once. Challenges live on the server and hold once.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from judging.db.models import Passkey
from judging.errors import N_, Conflict, NotFound
from judging.services.access.one_time_secrets import Purpose, find_secret, issue_secret, use_secret
from judging.services.access.second_factor import tell_factors_changed
from judging.services.audit import record_event

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from types import ModuleType

    from sqlalchemy.orm import Session

    from judging.db.models import Account
    from judging.services.access import webauthn_exchange
    from judging.settings import Settings

MOST_PASSKEYS = 20
LONGEST_NAME = 100
_LONGEST_ID = 1400
_TRANSPORTS = frozenset({"ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"})


def passkeys_work(settings: Settings) -> bool:
    """Whether browsers make passkeys for the installation's address: it needs a name, and TLS but for `localhost`."""
    parts = urlsplit(settings.base_url)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return parts.scheme == "https" or host == "localhost" or host.endswith(".localhost")
    return False


def list_passkeys(session: Session, *, account_id: str) -> Sequence[Passkey]:
    """The account's passkeys, the oldest first."""
    return session.scalars(select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)).all()


def new_passkey_options(session: Session, *, settings: Settings, account: Account, now: datetime) -> dict[str, Any]:
    """What the browser needs to make a passkey. Raises Conflict when there are too many."""
    present = [one.credential_id for one in list_passkeys(session, account_id=account.id)]
    if len(present) >= MOST_PASSKEYS:
        raise Conflict(N_("There are too many passkeys. Remove one first."))
    challenge = issue_secret(session, settings=settings, purpose=Purpose.NEW_PASSKEY, account=account, now=now).token
    options: dict[str, Any] = _exchange().making_options(
        _site(settings), account=account, challenge=challenge, present=present
    )
    return options


def add_passkey(
    session: Session,
    *,
    settings: Settings,
    account: Account,
    credential: Mapping[str, Any],
    name: str,
    now: datetime,
) -> Passkey | None:
    """Keep the passkey that a browser made. None when what it sent does not answer an open challenge of the account."""
    challenge = _take_challenge(session, credential, purpose=Purpose.NEW_PASSKEY, account=account, now=now)
    if challenge is None:
        return None
    made: webauthn_exchange.Made | None = _exchange().read_made(_site(settings), credential, challenge=challenge)
    if made is None:
        return None
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id)) is not None:
        return None
    row = Passkey(
        account_id=account.id,
        name=_tidy(name),
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        transports=_transports(credential),
        created_at=now,
    )
    session.add(row)
    _record(session, "passkey-added", account, now)
    tell_factors_changed(session, account=account, now=now)
    return row


def sign_in_options(session: Session, *, settings: Settings, now: datetime) -> dict[str, Any]:
    """What the browser needs to ask the device for any passkey of this installation."""
    challenge = issue_secret(session, settings=settings, purpose=Purpose.PASSKEY, now=now).token
    options: dict[str, Any] = _exchange().asking_options(_site(settings), challenge=challenge)
    return options


def check_passkey(
    session: Session, *, settings: Settings, credential: Mapping[str, Any], now: datetime
) -> Account | None:
    """Whose passkey answered an open challenge; None when none did, or the account is closed."""
    challenge = _take_challenge(session, credential, purpose=Purpose.PASSKEY, account=None, now=now)
    named = select(Passkey).where(Passkey.credential_id == str(credential.get("id", ""))[:_LONGEST_ID])
    row = session.scalar(named.options(joinedload(Passkey.account)).with_for_update(of=Passkey))
    if challenge is None or row is None or row.account.disabled_at is not None:
        return None
    count: int | None = _exchange().read_shown(
        _site(settings), credential, challenge=challenge, public_key=row.public_key, sign_count=row.sign_count
    )
    if count is None:
        return None
    row.sign_count, row.used_at = count, now
    return row.account


def rename_passkey(session: Session, *, account: Account, passkey_id: str, name: str, now: datetime) -> None:
    """Give a passkey another name. Raises NotFound."""
    _own(session, account, passkey_id).name = _tidy(name)
    _record(session, "passkey-renamed", account, now)


def remove_passkey(session: Session, *, account: Account, passkey_id: str, now: datetime) -> None:
    """Forget a passkey: it opens the account no more. Raises NotFound."""
    session.delete(_own(session, account, passkey_id))
    _record(session, "passkey-removed", account, now)
    tell_factors_changed(session, account=account, now=now)


def forget_passkeys(session: Session, *, account: Account) -> None:
    """Forget all passkeys of an account."""
    session.execute(delete(Passkey).where(Passkey.account_id == account.id))


def _exchange() -> ModuleType:
    """The module that loads the library, loaded when it is first needed."""
    from judging.services.access import webauthn_exchange  # noqa: PLC0415 - half a second, which few requests must pay

    return webauthn_exchange


def _site(settings: Settings) -> webauthn_exchange.Site:
    parts = urlsplit(settings.base_url)
    made: webauthn_exchange.Site = _exchange().Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")
    return made


def _own(session: Session, account: Account, passkey_id: str) -> Passkey:
    row = session.scalar(select(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == account.id))
    if row is None:
        raise NotFound(N_("There is nothing here."))
    return row


def _take_challenge(
    session: Session, credential: Mapping[str, Any], *, purpose: Purpose, account: Account | None, now: datetime
) -> str | None:
    """The challenge that the client says it answered, when it is one of ours and open; it is used up by this."""
    challenge: str | None = _exchange().answered_challenge(credential)
    row = find_secret(session, token=challenge or "", purposes=(purpose,), now=now)
    if row is None or (account is not None and row.account_id != account.id):
        return None
    return challenge if use_secret(session, row, now=now) else None


def _transports(credential: Mapping[str, Any]) -> list[str]:
    response = credential.get("response")
    told = response.get("transports") if isinstance(response, dict) else None
    return sorted({str(one) for one in told} & _TRANSPORTS) if isinstance(told, list) else []


def _tidy(name: str) -> str:
    return " ".join(name.split())[:LONGEST_NAME] or "–"


def _record(session: Session, action: str, account: Account, now: datetime) -> None:
    record_event(session, action=action, subject="account", subject_id=account.id, actor_id=account.id, now=now)
