"""Aliases: names that tell nothing, used wherever a contest is blind and in the score log."""

from __future__ import annotations

from collections.abc import Container
from typing import Protocol

ENTRY_PREFIX = "e-"
JUDGE_PREFIX = "j-"

# Crockford's base 32 without the letters that people take for digits or for each other.
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 6


class Chooser(Protocol):
    """What picks a letter: `random.Random` for a demo, `secrets.SystemRandom` for a contest."""

    def choice(self, seq: str, /) -> str:
        """One letter of `seq`."""
        ...


def new_alias(prefix: str, taken: Container[str], random: Chooser) -> str:
    """A new alias such as `e-4k7p2z` that is not in `taken`; a billion of them exist for each prefix."""
    while True:
        alias = prefix + "".join(random.choice(_LETTERS) for _ in range(_LENGTH))
        if alias not in taken:
            return alias
