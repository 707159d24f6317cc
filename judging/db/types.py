"""Identifiers and column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import secrets
import threading
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, DateTime, Dialect, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

# With `none_as_null` a missing document is SQL NULL rather than the JSON word null. SQLAlchemy does not see a change
# inside a stored dict or list: assign a new one.
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

_COUNTER_BITS = 12
_RANDOM_BITS = 62


class _Clock:
    """The last moment and counter given out, so that identifiers of one process strictly grow."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._milliseconds = 0
        self._counter = 0

    def tick(self) -> tuple[int, int]:
        """Return Unix milliseconds and a 12-bit counter, together greater than any returned before."""
        now = time.time_ns() // 1_000_000
        with self._lock:
            if now > self._milliseconds:
                self._milliseconds = now
                # The top bit starts clear, which leaves room to count even after the largest random start.
                self._counter = secrets.randbits(_COUNTER_BITS - 1)
            else:
                self._counter += 1
                if self._counter >> _COUNTER_BITS:
                    self._milliseconds += 1
                    self._counter = 0
            return self._milliseconds, self._counter


_clock = _Clock()


def new_id() -> str:
    """Return a UUID version 7 as 36 characters (RFC 9562, section 5.7; method 1 of section 6.2).

    Identifiers made by one process sort in the order in which they were made, also while the clock stands still or is
    set back. They tell when they were made: never use one as a secret.
    """
    milliseconds, counter = _clock.tick()
    value = milliseconds & ((1 << 48) - 1)
    value = value << 4 | 0b0111
    value = value << _COUNTER_BITS | counter
    value = value << 2 | 0b10
    value = value << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    return str(UUID(int=value))


class Instant(TypeDecorator[datetime]):
    """An aware moment, stored and returned in UTC. A naive datetime is refused with ValueError.

    PostgreSQL keeps a `timestamp with time zone`; SQLite, which has none, keeps ISO text that sorts in time's order.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn `value` into UTC, without its zone where the database keeps none."""
        if value is None:
            return None
        if value.tzinfo is None or value.utcoffset() is None:
            raise ValueError(f"{value!r} has no time zone; a moment is stored as an aware datetime")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Amount(TypeDecorator[Decimal]):
    """A decimal stored as its exact text, so that 8.50 comes back as 8.50 on either database.

    Text does not sort or add up as numbers do: compare and sum in Python. NaN and infinities are refused with
    ValueError, floats with TypeError.
    """

    impl = String(60)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return the plain text of `value`, without an exponent."""
        del dialect
        if value is None:
            return None
        if not isinstance(value, Decimal | int) or isinstance(value, bool):
            raise TypeError(f"{value!r} is no Decimal")
        number = Decimal(value)
        if not number.is_finite():
            raise ValueError(f"{value!r} is not finite")
        return format(number, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Return the decimal that was stored, digit for digit."""
        del dialect
        return None if value is None else Decimal(value)
