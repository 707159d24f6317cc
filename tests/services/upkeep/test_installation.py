"""The first administrator of an installation."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from judging.errors import Conflict, Refused
from judging.plugins import Registry
from judging.services.access.accounts import find_account, hash_password, password_fits
from judging.services.upkeep.installation import count_entries, create_administrator
from tests.factories import make_contest, make_entry

PASSWORD = "ba con chim se do tren cay"


def create(session: Session, now: datetime, password: str = PASSWORD) -> None:
    create_administrator(
        session, email="admin@example.vn", name="Quản Trị", password=password, password_hash=hash_password(password),
        now=now,
    )  # fmt: skip


def test_first_administrator_can_sign_in(session: Session, clock: datetime) -> None:
    create(session, clock)
    account = find_account(session, email="ADMIN@example.vn")
    assert account is not None
    assert account.is_administrator
    assert password_fits(account, PASSWORD)


def test_second_administrator_is_refused(session: Session, clock: datetime) -> None:
    create(session, clock)
    with pytest.raises(Conflict):
        create(session, clock)


def test_weak_password_is_refused(session: Session, clock: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        create(session, clock, "short")
    assert [problem.where for problem in refusal.value.problems] == ["password"]


def test_entries_are_counted_by_contest(session: Session, registry: Registry) -> None:
    full, empty = make_contest(session, registry), make_contest(session, registry)
    for _ in range(3):
        make_entry(session, full)
    assert {contest.id: count for contest, count in count_entries(session)} == {full.id: 3, empty.id: 0}
