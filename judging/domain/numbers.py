"""Which numbers rules may hold."""

from __future__ import annotations

from decimal import Decimal

_MOST = Decimal(1_000_000)
_PLACES = 6


def is_ordinary(number: Decimal) -> bool:
    """Whether `number` can be written, stored and reckoned with exactly: finite, at most a million, six places.

    The decimal context of Python keeps 28 digits, so that remainders of such numbers never overflow it.
    """
    if not number.is_finite() or abs(number) > _MOST:
        return False
    exponent = number.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_PLACES
