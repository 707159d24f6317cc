"""Authenticator apps of people in tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pyotp

from judging.db.models import Account
from judging.services.access.second_factor import begin_totp, confirm_totp, totp_being_set_up

if TYPE_CHECKING:
    from judging.services.platform import Platform


def set_up_app(platform: Platform, person: Account, *, codes: list[str] | None = None) -> str:
    """Give the person an app and return its secret; `codes` receives the recovery codes.

    Its code of an hour ago was the first, so that the present one is fresh.
    """
    then = datetime.now(UTC) - timedelta(hours=1)
    with platform.database.writing() as session:
        account = session.get_one(Account, person.id)
        begin_totp(session, settings=platform.settings, account=account, now=then)
        session.flush()
        shown = totp_being_set_up(session, settings=platform.settings, account=account)
        assert shown is not None
        made = confirm_totp(
            session, settings=platform.settings, account=account, code=code_of(shown[0], then), now=then
        )  # fmt: skip
    if codes is not None:
        codes += made
    return shown[0]


def code_of(secret: str, at: datetime | None = None) -> str:
    """What the app shows."""
    return pyotp.TOTP(secret).at(at or datetime.now(UTC))
