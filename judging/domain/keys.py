"""Keys: the short stable names by which data is stored and compared."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from judging.errors import N_, RulesError

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEY = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*", re.ASCII)
_LONGEST = 60


def check_key(key: str) -> None:
    """Refuse a key that is not made of lower-case ASCII words joined by `-` or `_`.

    Raises RulesError.
    """
    if len(key) > _LONGEST or not _KEY.fullmatch(key):
        raise RulesError(N_("“%(key)s” is not a key: use lower-case letters and digits, joined by - or _."), key=key)


def check_unique(what: str, keys: Iterable[str]) -> None:
    """Refuse a list in which a key stands twice. Raises RulesError."""
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        raise RulesError(N_("The %(what)s key “%(key)s” stands twice."), what=what, key=twice[0])
