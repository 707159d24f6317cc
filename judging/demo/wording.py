"""What entries and judges say, put together from the texts that come with the package."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from judging.demo.draw import Draw


@cache
def load_texts(name: str) -> Mapping[str, Any]:
    """The texts of a contest kind, or of the judges."""
    return tomllib.loads((files("judging.demo") / "texts" / f"{name}.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What one entry is about: its title, and the phrases that its answers are made of."""

    category: str
    title: str
    phrases: Mapping[str, str]

    def sentence(self, template: str) -> str:
        """The template with the subject's phrases in it."""
        return template.format(**self.phrases)


class Subjects:
    """Hands out subjects by category; none twice before all were used, and then with a place added to the title."""

    def __init__(self, kind: str, draw: Draw) -> None:
        self._draw = draw
        self._texts = load_texts(kind)
        self._decks: dict[str, list[tuple[Mapping[str, Any], str]]] = {}
        self._rounds: dict[str, int] = {}

    def take(self, category: str) -> Subject:
        """The next subject of a category."""
        if not self._decks.get(category):
            deck = [
                (topic, variant)
                for topic in self._texts["topics"]
                if topic["category"] == category
                for variant in topic["variants"]
            ]
            self._draw.random.shuffle(deck)
            self._decks[category] = deck
            self._rounds[category] = self._rounds.get(category, 0) + 1
        topic, variant = self._decks[category].pop()
        turn = self._rounds[category] - 1
        title = f"{topic['object']} {variant}" + (f", xã Mẫu {turn}" if turn else "")
        return Subject(category=category, title=title, phrases=self._phrases(topic))

    def answer(self, subject: Subject, field: str) -> str:
        """A text for a field of the entry form; "" for a field that has none."""
        own = self._texts.get("answers_for", {}).get(subject.category, {})
        templates = own.get(field) or self._texts["answers"].get(field)
        return subject.sentence(self._draw.one_of(templates)) if templates else ""

    def _phrases(self, topic: Mapping[str, Any]) -> dict[str, str]:
        number = self._draw.random.randint
        users = str(topic["users"])
        return {
            **{key: str(topic[key]) for key in ("problem", "parts", "action", "users")},
            "users_capital": users[0].upper() + users[1:],
            "cost": str(number(6, 45) * 10),
            "applied": str(number(2018, 2020)),
            "benefit": str(number(8, 90) * 5),
            "market": str(number(2, 40)),
            "sales": str(number(5, 60) * 5),
        }


def level_of(share: float) -> str:
    """How a sheet that reaches `share` of the maximum is spoken of: high, middle or low."""
    return "high" if share >= 0.75 else "middle" if share >= 0.58 else "low"


def judge_comment(draw: Draw, share: float) -> str:
    """Two sentences: what is good, and what is to be mended."""
    texts, level = load_texts("judges"), level_of(share)
    return f"{draw.one_of(texts['strong'][level])} {draw.one_of(texts['mend'][level])}"


def criterion_comment(draw: Draw, share: float) -> str:
    """A few words beside one criterion."""
    return str(draw.one_of(load_texts("judges")["criterion"][level_of(share)]))


def said(key: str) -> str:
    """A sentence of the office, the panel or a judge for one occasion."""
    return str(load_texts("judges")["discussion"][key])


def said_one_of(draw: Draw, key: str) -> str:
    """One of several such sentences."""
    return str(draw.one_of(load_texts("judges")["discussion"][key]))
