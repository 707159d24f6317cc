"""The plan of who judges what, beside the greedy plan that first comes to mind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from judging.domain.assignment import JudgeSlot, plan_assignment
from tools.bench.measure import Bound, Figure, Peer, measure_in_turns
from tools.bench.sizes import Sizes

_CONFLICTS = 0.03
"""The share of pairs that may not be made."""

_SLACK = 1.03
"""Places that judges offer for each that is needed: an office asks for no more judges than it must."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is to be planned: entries with their panels, judges, judges for each entry, pairs that may not be made."""

    entries: list[tuple[str, str]]
    judges: list[JudgeSlot]
    per_entry: int
    forbidden: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How good a plan is: places that stay empty, and the least and the most entries of a judge."""

    unfilled: int
    least: int
    most: int

    def __str__(self) -> str:
        return f"{self.unfilled} unfilled, loads {self.least}–{self.most}"


_PROVINCE = Bound(seconds=0.5, reason="a click in the office")
_COUNTRY = Bound(seconds=1.0, reason="3,000 entries and 1,200 judges within a second")
_MANY = 1_000


def plans(sizes: Sizes) -> Iterator[Figure]:
    """Time `plan_assignment` beside the greedy plan, and say what both leave unfilled."""
    for entries, judges, per_entry, panels, times in sizes.plans:
        case = _case(entries, judges, per_entry, panels)
        ours, greedy = partial(_plan, case), partial(_greedy, case)
        timing, peer = measure_in_turns(ours, greedy, times=times)
        yield Figure(
            benchmark="assignment",
            case=f"{entries:,} entries × {judges:,} judges × {per_entry}",
            timing=timing,
            bound=_COUNTRY if entries > _MANY else _PROVINCE,
            peer=Peer(name="greedy", timing=peer),
            notes={"plan": ours(), "greedy": greedy()},
        )


def _case(entries: int, judges: int, per_entry: int, panels: int) -> Case:
    """Every judge sits in one panel or in two, and nearly all their places are needed.

    Entries come panel by panel, as an office numbers them. Every so many pairs may not be made.
    """
    draw = Random(entries)  # noqa: S311 - the same case in every run
    names = [f"panel-{number}" for number in range(panels)]
    capacity = -(-int(entries * per_entry * _SLACK) // judges)
    slots = []
    for number in range(judges):
        home = names[number % panels]
        second = {draw.choice(names)} if draw.random() < 0.4 else set()
        slots.append(JudgeSlot(alias=f"j-{number:05d}", panels=frozenset({home, *second}), capacity=capacity))
    wanted = [(f"e-{number:05d}", names[number * panels // entries]) for number in range(entries)]
    forbidden = frozenset((slot.alias, alias) for alias, _ in wanted for slot in slots if draw.random() < _CONFLICTS)
    return Case(entries=wanted, judges=slots, per_entry=per_entry, forbidden=forbidden)


def _plan(case: Case) -> Outcome:
    made = plan_assignment(case.entries, case.judges, per_entry=case.per_entry, forbidden=case.forbidden)
    loads = list(made.load.values())
    return Outcome(unfilled=sum(one.missing for one in made.unfilled), least=min(loads), most=max(loads))


def _greedy(case: Case) -> Outcome:
    """Give each entry in turn its least loaded judges; nothing given is ever taken back."""
    loads: Counter[str] = Counter({slot.alias: 0 for slot in case.judges})
    by_panel: dict[str, list[JudgeSlot]] = {}
    for slot in case.judges:
        for panel in slot.panels:
            by_panel.setdefault(panel, []).append(slot)
    unfilled = 0
    for entry, panel in case.entries:
        free = _free(by_panel[panel], entry, loads, case)
        chosen = sorted(free, key=lambda slot: (loads[slot.alias], slot.alias))[: case.per_entry]
        loads.update(slot.alias for slot in chosen)
        unfilled += case.per_entry - len(chosen)
    return Outcome(unfilled=unfilled, least=min(loads.values()), most=max(loads.values()))


def _free(slots: Sequence[JudgeSlot], entry: str, loads: Counter[str], case: Case) -> list[JudgeSlot]:
    return [slot for slot in slots if loads[slot.alias] < slot.capacity and (slot.alias, entry) not in case.forbidden]
