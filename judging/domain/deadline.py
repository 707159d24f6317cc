"""The deadline rule: what counts is when a submission was received, by the server's clock, and nothing else.

A submission is in time when it was *received* up to and including the deadline plus the contest's written grace. A busy
server may deal with it later: up to MOST_DELAY the moment of receiving is believed, beyond that it is counted from the
moment of handling, so that a forged or broken stamp gains no more than that. All moments are aware; zones and summer
time do not matter to the comparison, because moments are compared and not clocks on walls.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

MOST_DELAY = timedelta(seconds=60)
MOST_GRACE = timedelta(hours=24)

_MOST_DIGITS = 20
# What proxies write: seconds (nginx's $msec, with a point), milliseconds or microseconds since 1970.
_UNITS = ((10**15, 10**6), (10**12, 10**3), (10**9, 1))


def read_request_start(text: str) -> datetime | None:
    """The moment in an `X-Request-Start` header: `t=1735689600.123`, in seconds, milliseconds or microseconds.

    None for anything else; the caller then takes the moment at which the request entered the application.
    """
    figures = text.strip().removeprefix("t=")
    whole, _, part = figures.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(figures) <= _MOST_DIGITS):
        return None
    if part and not (part.isascii() and part.isdigit()):
        return None
    number = int(whole)
    unit = next((unit for least, unit in _UNITS if number >= least), None)
    if unit is None:
        return None
    # Counted in whole microseconds: a float would lose the last of them.
    finer = int((part + "000000")[:6]) if unit == 1 else 0
    microseconds = number * (10**6 // unit) + finer
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    except OverflowError:
        return None


def believed_stamp(told: datetime, handled: datetime) -> datetime:
    """When a request counts as received: as `told`, but never after it was `handled` nor over MOST_DELAY before."""
    return min(max(told, handled - MOST_DELAY), handled)


def last_moment(deadline: datetime, grace: timedelta, *, closed_at: datetime | None = None) -> datetime:
    """The last moment in time. `closed_at` is when entries were closed by hand: it counts only before the deadline.

    Closing at or after the deadline cuts nothing off: the grace was promised to everybody.
    """
    if closed_at is not None and closed_at < deadline:
        return closed_at
    return deadline + grace


def is_in_time(
    received: datetime, deadline: datetime | None, grace: timedelta, *, closed_at: datetime | None = None
) -> bool:
    """Whether a submission received then is in time; a contest without a deadline is closed by hand alone."""
    if deadline is None:
        return closed_at is None or received <= closed_at
    return received <= last_moment(deadline, grace, closed_at=closed_at)


def may_finish_upload(begun_at: datetime, received_at: datetime, deadline: datetime | None, grace: timedelta) -> bool:
    """Whether a part of an upload received then may still be taken: begun in time, ended within the written grace."""
    if deadline is None:
        return True
    return begun_at <= deadline and received_at <= deadline + grace
