"""What entries and judges say, put together from the texts that come with the package."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from judging.demo.draw import Draw
from judging.demo.tales import Tale

TRIALS = 3
"""So many sentences of each answer tell of trials."""


@cache
def load_texts(name: str) -> Mapping[str, Any]:
    """The texts of a contest kind, or of the judges."""
    return tomllib.loads((files("judging.demo") / "texts" / f"{name}.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What one entry is about: its title, the phrases that its answers are made of, and what it tells of itself."""

    category: str
    title: str
    phrases: Mapping[str, str]
    tale: Tale

    def sentence(self, template: str) -> str:
        """The template with the subject's phrases in it, and what the entry tells of its own trials."""
        own = {**self.phrases, "parts": self.tale.parts(self.phrases["parts"])}
        return f"{template.format(**own)} {self.tale.trials(TRIALS)}"


class Subjects:
    """Hands out subjects by category; none twice before all were used, and then with a place added to the title."""

    def __init__(self, kind: str, draw: Draw) -> None:
        self._kind, self._draw = kind, draw
        self._texts = load_texts(kind)
        self._decks: dict[str, list[tuple[Mapping[str, Any], int]]] = {}
        self._rounds: dict[str, int] = {}
        self._templates: dict[str, list[str]] = {}

    def take(self, category: str) -> Subject:
        """The next subject of a category."""
        if not self._decks.get(category):
            deck = [
                (topic, place)
                for topic in self._texts["topics"]
                if topic["category"] == category
                for place in range(len(topic["variants"]))
            ]
            self._draw.random.shuffle(deck)
            self._decks[category] = deck
            self._rounds[category] = self._rounds.get(category, 0) + 1
        topic, place = self._decks[category].pop()
        turn = self._rounds[category] - 1
        title = f"{topic['object']} {topic['variants'][place]}" + (f", xã Mẫu {turn}" if turn else "")
        phrases = self._phrases(topic, place)
        # A chance of its own: what an entry tells moves nothing else of the year.
        seed = "/".join((title, *phrases.values()))
        return Subject(
            category=category, title=title, phrases=phrases, tale=Tale(load_texts("trials"), self._kind, seed)
        )

    def answer(self, subject: Subject, field: str) -> str:
        """A text for a field of the entry form; "" for a field that has none."""
        own = self._texts.get("answers_for", {}).get(subject.category, {})
        templates = own.get(field) or self._texts["answers"].get(field)
        return subject.sentence(self._next_of(templates)) if templates else ""

    def _next_of(self, templates: Sequence[str]) -> str:
        """One of the templates, none twice before all were used."""
        left = self._templates.setdefault(templates[0], [])
        if not left:
            left.extend(self._draw.random.sample(templates, len(templates)))
        return left.pop()

    def _phrases(self, topic: Mapping[str, Any], place: int) -> dict[str, str]:
        number = self._draw.random.randint
        users = self._draw.one_of(str(topic["users"]).split(" và "))
        return {
            "problem": str(topic["seen"][place]),
            "parts": str(topic["parts"]),
            "action": str(topic["uses"][place]),
            "users": users,
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
