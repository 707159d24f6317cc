"""What sets one entry's texts apart from those of another on the same topic: its own trials, parts and measures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random
from typing import Any

_APART = re.compile(r", | và ")
_NOTED = 0.8
_TOLD = 2


class Tale:
    """Tells of one entry. The same seed tells the same, whatever else was drawn before."""

    def __init__(self, texts: Mapping[str, Any], kind: str, seed: str) -> None:
        self._own: Mapping[str, list[Any]] = texts[kind]
        self._shapes: list[str] = texts["shapes"]["told"]
        self._random = Random(seed)
        self._left: dict[str, list[Any]] = {}

    def parts(self, listed: str) -> str:
        """Some of the parts in another order, most of them with what is particular here."""
        names = _APART.split(listed)
        return " và ".join(self._noted(name) for name in self._random.sample(names, min(_TOLD, len(names))))

    def trials(self, count: int) -> str:
        """So many sentences on what was tried, what came of it and what was changed then."""
        return " ".join(self._trial() for _ in range(count))

    def _trial(self) -> str:
        words = {key: self._next(key) for key in ("who", "did", "place")}
        words["result"], words["remedy"] = self._next("found")
        capital = {key.capitalize(): words[key][0].upper() + words[key][1:] for key in ("who", "remedy")}
        return str(self._next("told")).format(**words, **capital, **self._numbers())

    def _noted(self, name: str) -> str:
        return f"{name} ({self._next('note').format(**self._numbers())})" if self._random.random() < _NOTED else name

    def _numbers(self) -> dict[str, int]:
        number = self._random.randint
        return {
            "day": number(2, 28), "month": number(2, 12), "times": number(2, 19), "share": number(51, 97),
            "cut": number(2, 11), "width": number(3, 95), "price": number(3, 120), "weight": number(15, 900),
            "quarter": number(1, 4),
        }  # fmt: skip

    def _next(self, key: str) -> Any:
        """One of the expressions, none twice before all were used."""
        if not self._left.get(key):
            self._left[key] = list(self._shapes if key == "told" else self._own[key])
            self._random.shuffle(self._left[key])
        return self._left[key].pop()
