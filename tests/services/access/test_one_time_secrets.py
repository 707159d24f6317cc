"""Secrets that open one thing once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import OneTimeSecret
from judging.db.sealed import SealBroken
from judging.db.session import Database
from judging.services.access.one_time_secrets import (
    LIVES,
    MOST_TRIES,
    NEWEST_ONLY,
    Purpose,
    find_by_code,
    find_secret,
    issue_secret,
    use_secret,
)
from judging.services.sealing import seal, unseal
from judging.settings import Settings
from tests.factories import NOW, make_account
from tests.letters import SETTINGS

EMAIL = "an@example.vn"


@pytest.mark.parametrize("purpose", Purpose)
def test_secret_holds_for_its_purpose_and_its_time(session: Session, purpose: Purpose) -> None:
    token = issue_secret(session, settings=SETTINGS, purpose=purpose, email_key=EMAIL, now=NOW).token
    others = [one for one in Purpose if one is not purpose]
    last = NOW + LIVES[purpose]

    assert find_secret(session, token=token, purposes=[purpose], now=last - timedelta(seconds=1)) is not None
    assert find_secret(session, token=token, purposes=[purpose], now=last) is None
    assert find_secret(session, token=token, purposes=others, now=NOW) is None
    assert len(token) >= 43
    assert token not in str(vars(session.scalars(select(OneTimeSecret)).one()))


@pytest.mark.parametrize("purpose", Purpose)
def test_newer_letter_ends_the_older_one(session: Session, purpose: Purpose) -> None:
    older, newer = (
        issue_secret(session, settings=SETTINGS, purpose=purpose, email_key=EMAIL, now=NOW).token for _ in "12"
    )
    alive = [
        find_secret(session, token=token, purposes=[purpose], now=NOW) is not None for token in (older, newer)
    ]  # fmt: skip

    assert alive == [purpose not in NEWEST_ONLY, True]


def test_secret_of_a_closed_account_opens_nothing(session: Session) -> None:
    account = make_account(session)
    issued = issue_secret(session, settings=SETTINGS, purpose=Purpose.SIGN_IN, account=account, now=NOW)
    account.disabled_at = NOW
    session.flush()

    assert find_secret(session, token=issued.token, purposes=[Purpose.SIGN_IN], now=NOW) is None
    by_code = find_by_code(
        session, settings=SETTINGS, purpose=Purpose.SIGN_IN, email_key=account.email_key, code=issued.code, now=NOW
    )
    assert by_code is None


def test_code_is_found_however_it_is_typed_and_ends_after_five_wrong_ones(session: Session) -> None:
    issued = issue_secret(session, settings=SETTINGS, purpose=Purpose.SIGN_IN, email_key=EMAIL, now=NOW)
    wrong = f"{(int(issued.code) + 1) % 10**8:08}"

    def typed(code: str) -> bool:
        found = find_by_code(
            session, settings=SETTINGS, purpose=Purpose.SIGN_IN, email_key=EMAIL, code=code, now=NOW
        )  # fmt: skip
        return found is not None

    assert typed(f" {issued.code[:4]}-{issued.code[4:]} ")
    assert [typed(wrong) for _ in range(MOST_TRIES - 1)] == [False] * (MOST_TRIES - 1)
    assert typed(issued.code)
    assert not typed(wrong)
    assert not typed(issued.code)


def test_secret_is_used_once_by_many_at_the_same_moment(database: Database) -> None:
    with database.writing() as session:
        token = issue_secret(session, settings=SETTINGS, purpose=Purpose.RESET, email_key=EMAIL, now=NOW).token
    together = Barrier(6)

    def use(_number: int) -> bool:
        together.wait()
        with database.writing() as session:
            found = find_secret(session, token=token, purposes=[Purpose.RESET], now=NOW)
            return found is not None and use_secret(session, found, now=NOW)

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(use, range(6))) == 1


def test_old_secrets_are_forgotten(session: Session) -> None:
    issue_secret(session, settings=SETTINGS, purpose=Purpose.PASSKEY, now=NOW)
    issue_secret(session, settings=SETTINGS, purpose=Purpose.PASSKEY, now=NOW + timedelta(days=2))

    assert len(session.scalars(select(OneTimeSecret)).all()) == 1


def test_seal_opens_with_its_key_and_for_its_purpose_alone(settings: Settings) -> None:
    sealed = seal(SETTINGS, "bí mật", purpose="totp")

    assert unseal(SETTINGS, sealed, purpose="totp") == "bí mật"
    assert sealed != seal(SETTINGS, "bí mật", purpose="totp")
    for of, text, purpose in ((settings, sealed, "totp"), (SETTINGS, sealed, "letter"), (SETTINGS, "x", "totp")):
        with pytest.raises(SealBroken):
            unseal(of, text, purpose=purpose)
