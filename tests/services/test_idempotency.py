"""A key stands for one request: its answer is kept with its effect, and given to nobody else."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from judging.db.models import IdempotentAnswer
from judging.errors import Refused
from judging.services.idempotency import (
    KEPT,
    OtherRequest,
    StillInProgress,
    claim_key,
    forget_answers,
    keep_answer,
    read_key,
    request_digest,
)
from tests.factories import NOW, make_account

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.session import Database

DIGEST, OTHER = "a" * 64, "b" * 64


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ('"8e03978e-40d5-43e8-bc93-6894a57f9324"', "8e03978e-40d5-43e8-bc93-6894a57f9324"),
        ("8e03978e-40d5-43e8-bc93-6894a57f9324", "8e03978e-40d5-43e8-bc93-6894a57f9324"),
        ('  "a b"'.replace(" b", "-b"), "a-b"),
        ("k" * 100, "k" * 100),
    ],
)
def test_key_is_read_with_quotes_and_without(header: str, key: str) -> None:
    assert read_key(header) == key


@pytest.mark.parametrize("header", ["", '""', '"', "a b", "k" * 101, "ké", "a, b", 'a"b'])
def test_other_headers_are_no_keys(header: str) -> None:
    with pytest.raises(Refused) as refused:
        read_key(header)

    assert [problem.where for problem in refused.value.problems] == ["Idempotency-Key"]


def test_digest_tells_requests_apart_by_what_they_say() -> None:
    one = request_digest("PUT", "/a", {"x": 1, "y": [1.5, None]})

    assert one == request_digest("PUT", "/a", {"y": [1.5, None], "x": 1})
    assert len({one, *(request_digest(*other) for other in (
        ("POST", "/a", {"x": 1, "y": [1.5, None]}), ("PUT", "/b", {"x": 1, "y": [1.5, None]}),
        ("PUT", "/a", {"x": "1", "y": [1.5, None]}), ("PUT", "/a", {"x": 1}),
    ))}) == 5  # fmt: skip


def test_first_request_takes_the_key_and_the_second_finds_its_answer(session: Session) -> None:
    account = make_account(session)
    row, is_new = claim_key(session, account_id=account.id, key="k", request_sha256=DIGEST, now=NOW)
    keep_answer(row, status=201, headers={"ETag": '"v1"'}, body='{"version":1}')
    session.flush()

    again, repeated = claim_key(session, account_id=account.id, key="k", request_sha256=DIGEST, now=NOW)

    assert (is_new, repeated) == (True, False)
    assert (again.status, again.headers, again.body) == (201, {"ETag": '"v1"'}, '{"version":1}')


def test_key_of_another_request_is_refused_and_that_of_another_person_is_free(session: Session) -> None:
    account, other = make_account(session), make_account(session)
    claim_key(session, account_id=account.id, key="k", request_sha256=DIGEST, now=NOW)

    with pytest.raises(OtherRequest):
        claim_key(session, account_id=account.id, key="k", request_sha256=OTHER, now=NOW)
    assert claim_key(session, account_id=other.id, key="k", request_sha256=OTHER, now=NOW)[1]


def test_key_is_free_again_when_its_request_was_undone(database: Database) -> None:
    with database.writing() as session:
        account_id = make_account(session).id
    with database.writing() as session:
        claim_key(session, account_id=account_id, key="k", request_sha256=DIGEST, now=NOW)
        session.rollback()

    with database.writing() as session:
        assert claim_key(session, account_id=account_id, key="k", request_sha256=OTHER, now=NOW)[1]


@pytest.mark.postgres
def test_request_that_takes_too_long_is_told_to_be_in_progress(postgres_database: Database) -> None:
    with postgres_database.writing() as session:
        account_id = make_account(session).id
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with postgres_database.writing() as session:
            claim_key(session, account_id=account_id, key="k", request_sha256=DIGEST, now=NOW)
            taken.set()
            done.wait(30)

    slow = threading.Thread(target=hold)
    slow.start()
    try:
        assert taken.wait(10)
        with postgres_database.writing() as session:
            session.connection().exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
            with pytest.raises(StillInProgress):
                claim_key(session, account_id=account_id, key="k", request_sha256=DIGEST, now=NOW)
            session.rollback()
    finally:
        done.set()
        slow.join()


def test_answers_are_forgotten_after_their_time(session: Session) -> None:
    account = make_account(session)
    for key, age in (("old", KEPT + timedelta(seconds=1)), ("young", KEPT)):
        claim_key(session, account_id=account.id, key=key, request_sha256=DIGEST, now=NOW - age)

    assert forget_answers(session, now=NOW) == 1
    assert [row.key for row in session.query(IdempotentAnswer)] == ["young"]
