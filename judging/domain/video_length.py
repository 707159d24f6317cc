"""How long a video counts, by whole seconds.

A clip that was cut at three minutes hardly ever lasts 180 seconds exactly: sound is padded to the end of its frame, and
the last picture stands for its own length. So a length is rounded to whole seconds, halves down: 180.5 s counts as 180
and passes, anything longer counts as 181 and does not.
"""

from __future__ import annotations

import math
from fractions import Fraction

_HALF = Fraction(1, 2)


def whole_seconds(seconds: Fraction) -> int:
    """The length in whole seconds, halves rounded down."""
    return math.ceil(seconds - _HALF)


def is_within(seconds: Fraction, *, limit: int) -> bool:
    """Whether a video of this length may be handed in where at most `limit` seconds are taken."""
    return whole_seconds(seconds) <= limit
