from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, String, Table, insert, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from judging.db.session import Database
from judging.db.types import Amount, Instant, Json, new_id

VALUES = Table(
    "typed_value",
    MetaData(),
    Column("id", String(36), primary_key=True),
    Column("amount", Amount),
    Column("moment", Instant),
    Column("document", Json),
)
HANOI = timezone(timedelta(hours=7))


@pytest.fixture
def table(session: Session) -> Table:
    VALUES.create(session.connection())
    return VALUES


def stored(session: Session, **values: object) -> object:
    key = new_id()
    session.execute(insert(VALUES).values(id=key, **values))
    (column,) = values
    return session.scalar(select(VALUES.c[column]).where(VALUES.c.id == key))


def test_new_id_is_a_uuid_of_version_7_with_the_present_time() -> None:
    before = time.time_ns() // 1_000_000
    made = UUID(new_id())
    after = time.time_ns() // 1_000_000

    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= after + 1


def test_new_id_grows_strictly_across_threads() -> None:
    made: list[list[str]] = [[] for _ in range(4)]

    def make(bucket: list[str]) -> None:
        bucket.extend(new_id() for _ in range(3000))

    threads = [threading.Thread(target=make, args=(bucket,)) for bucket in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(bucket == sorted(bucket) for bucket in made)
    assert len({key for bucket in made for key in bucket}) == 12_000


def test_new_id_grows_while_the_clock_stands_still_or_goes_back() -> None:
    # Later than any other test's identifiers, since the process never goes back behind the last one.
    with time_machine.travel(datetime(2101, 1, 1, tzinfo=UTC), tick=False):
        made = [new_id() for _ in range(10_000)]
    with time_machine.travel(datetime(2100, 1, 1, tzinfo=UTC), tick=False):
        made += [new_id() for _ in range(10)]

    assert made == sorted(made)
    assert len(set(made)) == len(made)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moment=st.datetimes(timezones=st.sampled_from([UTC, HANOI])))
def test_instant_comes_back_as_the_same_moment_in_utc(session: Session, table: Table, moment: datetime) -> None:
    try:
        moment.astimezone(UTC)
    except OverflowError:  # the first hours of the year 1 east of Greenwich
        return
    back = stored(session, moment=moment)

    assert back == moment
    assert isinstance(back, datetime)
    assert back.utcoffset() == timedelta(0)


def test_instant_refuses_a_datetime_without_zone(session: Session, table: Table) -> None:
    with pytest.raises(StatementError, match="has no time zone"):
        stored(session, moment=datetime(2021, 6, 1, 8, 0))  # noqa: DTZ001 - that is the point


def test_instant_is_compared_as_time_whatever_its_zone(session: Session, table: Table) -> None:
    early, late = datetime(2021, 6, 1, 8, 30, tzinfo=HANOI), datetime(2021, 6, 1, 2, 0, tzinfo=UTC)
    for moment in (late, early):
        stored(session, moment=moment)

    found = session.scalars(select(table.c.moment).where(table.c.moment < late)).all()

    assert found == [early]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4))
def test_amount_comes_back_digit_for_digit(session: Session, table: Table, number: Decimal) -> None:
    back = stored(session, amount=number)

    assert isinstance(back, Decimal)
    assert back.as_tuple() == number.as_tuple()


@pytest.mark.parametrize("number", [Decimal("NaN"), Decimal("Infinity"), 8.5, True, "8.5"])
def test_amount_refuses_what_is_no_finite_decimal(session: Session, table: Table, number: object) -> None:
    with pytest.raises(StatementError, match=r"is not finite|is no Decimal"):
        stored(session, amount=number)


def test_amount_writes_no_exponent(session: Session, table: Table) -> None:
    stored(session, amount=Decimal("1E+3"))

    assert session.scalar(text("SELECT amount FROM typed_value")) == "1000"


def test_json_keeps_vietnamese_and_tells_none_from_null(session: Session, table: Table) -> None:
    assert stored(session, document={"title": "Sáng tạo trẻ", "rows": [1, None]}) == {
        "title": "Sáng tạo trẻ",
        "rows": [1, None],
    }
    assert stored(session, document=None) is None
    assert session.scalar(text("SELECT count(*) FROM typed_value WHERE document IS NULL")) == 1


def test_json_is_stored_readably_in_sqlite(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        VALUES.create(session.connection())
        stored(session, document={"a": "Lạng Sơn"})
        assert session.scalar(text("SELECT document FROM typed_value")) == '{"a":"Lạng Sơn"}'
