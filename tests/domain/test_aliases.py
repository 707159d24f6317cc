"""Aliases: short, unambiguous to read aloud, never given twice."""

import re
from random import Random

from judging.domain.aliases import ENTRY_PREFIX, JUDGE_PREFIX, new_alias


class Scripted:
    """Chooses what it was told, one letter after the other."""

    def __init__(self, letters: str) -> None:
        self.letters = iter(letters)

    def choice(self, seq: str, /) -> str:
        letter = next(self.letters)
        assert letter in seq
        return letter


def test_new_alias_has_the_prefix_and_six_plain_letters() -> None:
    random = Random(1)

    assert re.fullmatch(r"e-[0-9a-hjkmnp-tv-z]{6}", new_alias(ENTRY_PREFIX, set(), random))
    assert re.fullmatch(r"j-[0-9a-hjkmnp-tv-z]{6}", new_alias(JUDGE_PREFIX, set(), random))


def test_new_alias_goes_on_when_the_alias_is_taken() -> None:
    assert new_alias("e-", {"e-222222"}, Scripted("222222" + "333333")) == "e-333333"


def test_new_alias_never_uses_a_letter_that_is_taken_for_another() -> None:
    letters = set("".join(new_alias("", set(), Random(seed)) for seed in range(500)))

    assert len(letters) == 32
    assert not letters & set("ilou")
