"""An authenticator app as second factor (TOTP, RFC 6238), with recovery codes for the day on which it is lost."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pyotp
from sqlalchemy import delete, exists, func, select, update

from judging.db.models import Passkey, RecoveryCode, TotpFactor
from judging.db.sealed import SealBroken
from judging.domain.values import Problem
from judging.errors import N_, Conflict, Refused
from judging.services.audit import record_event
from judging.services.letters import send_letter
from judging.services.sealing import fingerprint, seal, unseal

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Account
    from judging.settings import Settings

RECOVERY_CODES = 8
_STEP = 30
_DIGITS = 6
# A clock may be a step off, and a code is typed late.
_STEPS_OFF = (0, -1, 1)
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4
_SEALED = "totp"
_HASHED = "recovery-code"
_ISSUER = "judging"


def has_totp(session: Session, *, account_id: str) -> bool:
    """Whether the account has an authenticator app that is set up."""
    held = exists().where(TotpFactor.account_id == account_id, TotpFactor.confirmed_at.is_not(None))
    return bool(session.scalar(select(held)))


def has_second_factor(session: Session, *, account_id: str) -> bool:
    """Whether the account has an authenticator app or a passkey."""
    passkey = exists().where(Passkey.account_id == account_id)
    return bool(session.scalar(select(passkey))) or has_totp(session, account_id=account_id)


def begin_totp(session: Session, *, settings: Settings, account: Account, now: datetime) -> None:
    """Make a secret for an app to be set up. Raises Conflict when there is one in use."""
    factor = session.get(TotpFactor, account.id)
    if factor is not None and factor.confirmed_at is not None:
        raise Conflict(N_("There is an authenticator app already. Remove it first."))
    sealed = seal(settings, pyotp.random_base32(), purpose=_SEALED)
    if factor is None:
        session.add(TotpFactor(account_id=account.id, sealed_secret=sealed, created_at=now))
    else:
        factor.sealed_secret, factor.created_at = sealed, now


def totp_being_set_up(session: Session, *, settings: Settings, account: Account) -> tuple[str, str] | None:
    """The secret and its address for an app (otpauth://…) while it is being set up, else None."""
    factor = session.get(TotpFactor, account.id)
    if factor is None or factor.confirmed_at is not None:
        return None
    secret = unseal(settings, factor.sealed_secret, purpose=_SEALED)
    return secret, pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=_ISSUER)


def confirm_totp(session: Session, *, settings: Settings, account: Account, code: str, now: datetime) -> list[str]:
    """Take the app into use when its code is right, and return the recovery codes, which can be shown only now.

    Raises Refused for a wrong code and Conflict when nothing is being set up.
    """
    factor = session.get(TotpFactor, account.id)
    if factor is None or factor.confirmed_at is not None:
        raise Conflict(N_("No authenticator app is being set up."))
    step = _step_of(settings, factor, code, now)
    if step is None:
        raise Refused(
            [Problem(code="code", where="code", message=N_("That code is not right. Look again at the app."))]
        )
    factor.confirmed_at, factor.last_step = now, step
    record_event(session, action="app-added", subject="account", subject_id=account.id, actor_id=account.id, now=now)
    tell_factors_changed(session, account=account, now=now)
    return new_recovery_codes(session, settings=settings, account=account, now=now)


def take_totp(session: Session, *, settings: Settings, account: Account, code: str, now: datetime) -> bool:
    """Whether that is the app's code now. No code is taken twice, also not by two requests at once."""
    factor = session.get(TotpFactor, account.id)
    if factor is None or factor.confirmed_at is None:
        return False
    step = _step_of(settings, factor, code, now)
    if step is None:
        return False
    taken = (
        update(TotpFactor)
        .where(TotpFactor.account_id == account.id, TotpFactor.last_step < step)
        .values(last_step=step)
        .returning(TotpFactor.account_id)
    )
    return session.scalar(taken) is not None


def take_recovery_code(session: Session, *, settings: Settings, account: Account, code: str, now: datetime) -> bool:
    """Whether that is an unused recovery code of the account, which it uses up."""
    used = (
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account.id,
            RecoveryCode.code_hash == _hash(settings, account, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    if session.scalar(used) is None:
        return False
    record_event(
        session, action="recovery-code-used", subject="account", subject_id=account.id, actor_id=account.id, now=now
    )
    return True


def new_recovery_codes(session: Session, *, settings: Settings, account: Account, now: datetime) -> list[str]:
    """Replace the recovery codes, and return the new ones, which can be shown only now."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(account_id=account.id, code_hash=_hash(settings, account, code), created_at=now) for code in codes
    )
    return codes


def count_recovery_codes(session: Session, *, account_id: str) -> int:
    """How many recovery codes are left."""
    left = select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session.scalar(left) or 0


def remove_totp(session: Session, *, account: Account, actor_id: str, now: datetime) -> None:
    """Take the app and its recovery codes away."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    removed = delete(TotpFactor).where(TotpFactor.account_id == account.id).returning(TotpFactor.confirmed_at)
    if session.scalar(removed) is None:
        return
    record_event(session, action="app-removed", subject="account", subject_id=account.id, actor_id=actor_id, now=now)
    tell_factors_changed(session, account=account, now=now)


def tell_factors_changed(session: Session, *, account: Account, now: datetime) -> None:
    """Tell the owner that an authenticator app or a passkey came or went."""
    send_letter(
        session,
        to=account,
        subject=N_("The ways to sign in to your account were changed"),
        text=N_(
            "Hello %(name)s,\n\nan authenticator app or a passkey of your account was added or removed. You find them "
            "on the page “Your account”. If it was not you, change your password at once and tell the office.\n"
        ),
        params={"name": account.name},
        now=now,
    )


def _step_of(settings: Settings, factor: TotpFactor, code: str, now: datetime) -> int | None:
    """The time step to which the code belongs, among those that are not used up; None when it is wrong."""
    digits = "".join(sign for sign in code if sign.isascii() and sign.isdecimal())
    if len(digits) != _DIGITS:
        return None
    try:
        totp = pyotp.TOTP(unseal(settings, factor.sealed_secret, purpose=_SEALED))
    except SealBroken:
        return None
    present = int(now.timestamp()) // _STEP
    steps = (present + off for off in _STEPS_OFF if present + off > factor.last_step)
    return next((step for step in steps if secrets.compare_digest(totp.generate_otp(step), digits)), None)


def _new_code() -> str:
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def _hash(settings: Settings, account: Account, code: str) -> str:
    signs = "".join(sign for sign in code.lower() if sign in _SIGNS)
    return fingerprint(settings, f"{account.id}:{signs}", purpose=_HASHED)
