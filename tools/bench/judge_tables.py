"""Made-up judges and entries of any size: expertise is scarce, conflicts come from schools, places are few.

Entries crowd into few topics while judges are spread over all of them, so the best judge of an entry is often taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from judging.domain.assignment import JudgeSlot
from judging.domain.planned import Wishes
from judging.domain.planning.arrays import Floats, Ints

_TOPICS = 12
_DETAILS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeTable:
    """What is to be planned: entries with their panels, judges, conflicts, and what pairs are worth."""

    entries: list[tuple[str, str]]
    judges: list[JudgeSlot]
    per_entry: int
    forbidden: frozenset[tuple[str, str]]
    tastes: _Tastes

    @property
    def wishes(self) -> Wishes:
        """The values of pairs, from 0 to 1 in millionths."""
        return Wishes(score=self.tastes.score)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tastes:
    entry_topics: Floats
    judge_topics: Floats
    entry_details: Floats
    judge_details: Floats

    def score(self, entry: Ints, judge: Ints) -> Floats:
        """Common topics, common details of them, and what nobody can explain."""
        values = np.empty(entry.size)
        for start in range(0, entry.size, 500_000):
            part = slice(start, start + 500_000)
            e, j = entry[part], judge[part]
            topics = np.einsum("ij,ij->i", self.entry_topics[e], self.judge_topics[j])
            details = np.einsum("ij,ij->i", self.entry_details[e], self.judge_details[j])
            values[part] = 0.6 * topics + 0.125 * (1 + details) + 0.15 * _noise(e, j)
        return np.round(values, 6)


def make_table(
    entries: int, judges: int, per_entry: int, *, panels: int, slack: float = 1.2, seed: int = 1
) -> JudgeTable:
    """Draw a table; every judge sits in one panel, some in a second, and offers `slack` places for each needed."""
    draw = np.random.default_rng(seed)
    popular, spread = (1 / np.arange(1, _TOPICS + 1) ** power for power in (0.9, 0.3))
    tastes = _Tastes(
        entry_topics=_unit(draw.dirichlet(popular / popular.sum() * 2.5, size=entries)),
        judge_topics=_unit(draw.dirichlet(spread / spread.sum() * 4, size=judges)),
        entry_details=_unit(draw.normal(size=(entries, _DETAILS))),
        judge_details=_unit(draw.normal(size=(judges, _DETAILS))),
    )
    names = [f"panel-{number:03}" for number in range(panels)]
    capacity = -(-int(entries * per_entry * slack) // judges)
    second = np.where(draw.random(judges) < 0.4, draw.integers(0, panels, judges), -1)
    slots = [
        JudgeSlot(
            alias=f"j-{number:05}",
            panels=frozenset({names[number % panels], *([names[second[number]]] if second[number] >= 0 else [])}),
            capacity=capacity,
        )
        for number in range(judges)
    ]
    wanted = [(f"e-{number:05}", names[number * panels // entries]) for number in range(entries)]
    schools = max(8, entries // 6)
    forbidden = _conflicts(wanted, slots, draw.integers(0, schools, entries), draw.integers(0, schools, judges))
    return JudgeTable(entries=wanted, judges=slots, per_entry=per_entry, forbidden=forbidden, tastes=tastes)


def _conflicts(
    entries: list[tuple[str, str]], judges: list[JudgeSlot], of_entry: Ints, of_judge: Ints
) -> frozenset[tuple[str, str]]:
    """Judges and entries of one school."""
    at_school: dict[int, list[str]] = {}
    for slot, school in zip(judges, of_judge.tolist(), strict=True):
        at_school.setdefault(school, []).append(slot.alias)
    return frozenset(
        (judge, alias)
        for (alias, _), school in zip(entries, of_entry.tolist(), strict=True)
        for judge in at_school.get(school, ())
    )


def _unit(rows: Floats) -> Floats:
    lengths: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return lengths


def _noise(entry: Ints, judge: Ints) -> Floats:
    """A number from 0 to 1 for each pair."""
    mixed = entry.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + judge.astype(np.uint64) * np.uint64(
        0xC2B2AE3D27D4EB4F
    )
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    noise: Floats = (mixed >> np.uint64(11)).astype(np.float64) / 2.0**53
    return noise
