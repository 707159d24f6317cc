"""Asks for everything as everybody, in every scene that can matter, and writes down who is let in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from judging.domain.policy import PUBLIC, SIGNED_IN
from tests.web.matrix.people import GUEST, RIGHTS, WHO
from tests.web.matrix.scenes import ENTRY_STATES, JUDGING, PHASES, SHEET_STATES, Scene
from tests.web.matrix.table import rows_of, write_rows

if TYPE_CHECKING:
    from tests.web.matrix.doors import Door
    from tests.web.matrix.stand import Outcome, Stand

API = "api"
_STRANGER = "stranger"
_ENTRY, _SHEET = "entries-by-state", "sheets-by-state"
_CLOSE: dict[str, tuple[str, ...]] = {
    _ENTRY: ("author", "joined-author", "guardian", "judge", "chair", "secretary", "organiser", "committee", "auditor"),
    _SHEET: ("judge", "chair", "secretary", "organiser", "auditor"),
}
"""Who is asked again for each state of an entry or a sheet: whose answer its state may change."""
_KEPT_OUT = ("other-author", "other-panel", "recused-judge")
"""Who is asked for every page of an entry in every state all the same."""

_HEADS: dict[str, str] = {
    _ENTRY: "# Addresses of one entry, by its state, each in a phase of the contest in which it occurs.",
    _SHEET: "# Addresses of one score sheet, by its state, while its round is open.",
}


def _speak_for_all(told: dict[tuple[str, str], str], scenes: Sequence[Scene]) -> None:
    """In the scenes in which only the stranger was asked, everybody else without a right is told the same."""
    for scene in scenes:
        if (scene.name, _STRANGER) in told:
            for who in WHO:
                if who not in RIGHTS and who != GUEST:
                    told.setdefault((scene.name, who), told[scene.name, _STRANGER])


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that no golden file can make right."""

    door: str
    who: str
    scene: str
    what: str


class Survey:
    """The outcomes of one area, and what is wrong whatever the golden file says."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        self.faults: list[Fault] = []
        self.fields: dict[str, dict[tuple[str, ...], list[tuple[str, str]]]] = {}

    def areas(self) -> list[str]:
        """The areas that there are."""
        return [*sorted({door.area for door in self.stand.doors}), _ENTRY, _SHEET]

    def text(self, area: str) -> str:
        """What the golden file of the area should say. For programs it also collects the fields that they are told."""
        scenes = {_ENTRY: ENTRY_STATES, _SHEET: SHEET_STATES}.get(area, PHASES)
        doors = self.doors(area)
        seen: dict[Door, dict[tuple[str, str], str]] = {door: {} for door in doors}
        for scene in scenes:
            asked = [(door, who) for door in doors for who in self.who(area, door, scene)]
            if asked:
                self.stand.set_scene(scene)
            for door, who in asked:
                outcome = self.stand.ask(door, who, scene)
                seen[door][scene.name, who] = outcome.word
                self._check(door, who, scene, outcome)
                if outcome.keys is not None and area == API:
                    self.fields.setdefault(door.rule, {}).setdefault(outcome.keys, []).append((scene.name, who))
        if area not in _CLOSE:
            for told in seen.values():
                _speak_for_all(told, scenes)
        names = [scene.name for scene in scenes]
        parts = [write_rows(door.name, rows_of(seen[door], scenes=names, api=door.is_api)) for door in doors]
        return (
            "\n\n".join([_HEADS.get(area, f"# {area}: who is let in, by address and phase of the contest."), *parts])
            + "\n"
        )

    def doors(self, area: str) -> Sequence[Door]:
        """The addresses of the area."""
        if area == _ENTRY:
            return [door for door in self.stand.doors if "entry_id" in door.arguments]
        if area == _SHEET:
            return [door for door in self.stand.doors if door.arguments & {"assignment_id", "sheet_id"}]
        return [door for door in self.stand.doors if door.area == area]

    def who(self, area: str, door: Door, scene: Scene) -> Iterator[str]:
        """Everybody in the scene of judging; elsewhere those whose answer the scene may change.

        The policy of an address knows no phases. So whom it does not name is asked once, and of those without any
        right in the contest the stranger stands for all.
        """
        if area in _CLOSE:
            yield from (who for who in _CLOSE[area] if door.policy.names & RIGHTS[who])
            if door.is_safe:
                yield from _KEPT_OUT
        elif scene is JUDGING:
            yield from WHO
        elif door.of_contest:
            for who in WHO:
                held = RIGHTS.get(who, frozenset())
                if door.policy.names & {PUBLIC, SIGNED_IN}:
                    if held or who == _STRANGER or (who == GUEST and PUBLIC in door.policy.names):
                        yield who
                elif door.policy.names & held:
                    yield who

    def _check(self, door: Door, who: str, scene: Scene, outcome: Outcome) -> None:
        if outcome.status >= 500:
            self._blame(door, who, scene, f"answered {outcome.status}")
        if outcome.changed and outcome.word != "acts":
            self._blame(door, who, scene, f"told {outcome.word}, and yet something was changed")
        if outcome.changed and door.is_safe:
            self._blame(door, who, scene, "a safe request changed something")

    def _blame(self, door: Door, who: str, scene: Scene, what: str) -> None:
        self.faults.append(Fault(door.name, who, scene.name, what))
