"""A contest from its opening to its results, as everybody who takes part in it lives through it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.e2e import steps_entry, steps_judging, steps_office, steps_results

if TYPE_CHECKING:
    from tests.e2e.stage import Person, Play
    from tests.e2e.visitor import Visitor

_SHARES = ("0.8", "0.9", "0.85")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a visitor of a journey is there for: whether to work for the office, and with the keyboard alone."""

    in_office: bool = False
    keyboard: bool = False


Meet = Callable[[Part], "Visitor"]
"""Makes a visitor for a part, in the language and at the width of the journey."""


def run_contest(play: Play, organiser: Person, meet: Meet) -> None:
    """Run the play. The second judge uses no mouse."""
    office, guest = meet(Part(in_office=True)), meet(Part())
    steps_office.sign_in(office, organiser)
    contest, judges, secretary = _prepare(office, play)
    _enter(meet(Part()), play, contest)
    steps_office.take_step(office, "Closed for entries")
    steps_office.take_step(office, "Screening")
    desk = meet(Part(in_office=True))
    steps_office.sign_in(desk, secretary)
    desk.follow(desk.page.get_by_role("row").get_by_role("link").first.inner_text())
    steps_office.screen_eligible(desk, play)
    steps_results.see_no_results(guest, play, contest)
    _judge(office, play, judges, [meet(Part(keyboard=number == 1)) for number in range(len(judges))])
    steps_results.settle_prizes(office, play)
    steps_results.see_no_results(guest, play, contest)
    steps_results.publish_results(office)
    steps_results.see_results(guest, play, contest)


def _prepare(office: Visitor, play: Play) -> tuple[str, list[Person], Person]:
    contest = steps_office.open_contest(office, play)
    steps_office.take_step(office, "Rules published")
    panel = steps_office.arrange_one_panel(office, play)
    judges = steps_office.name_judges(office, play, panel)
    secretary = steps_office.name_secretary(office, play)
    steps_office.take_step(office, "Open for entries")
    return contest, judges, secretary


def _enter(entrant: Visitor, play: Play, contest: str) -> None:
    steps_entry.ask_and_register(entrant, play, contest)
    steps_entry.fill_entry(entrant, play)
    steps_entry.hand_in(entrant, play)


def _judge(office: Visitor, play: Play, people: list[Person], judges: list[Visitor]) -> None:
    """Every round: assigned, marked by all judges, closed and, but for the last one, ended."""
    rounds = play.rules.rounds
    for judged in rounds:
        if judged is rounds[0]:
            office.open_side(office.words("Assignment"))
        steps_office.assign_judges(office, judged.label)
        if judged is rounds[0]:
            steps_office.take_step(office, "In judging")
        else:
            steps_judging.open_round(office)
        for person, judge, share in zip(people, judges, _SHARES, strict=True):
            if judged is rounds[0]:
                steps_office.sign_in(judge, person)
            else:
                judge.go("/judge/")
            steps_judging.declare_conflicts(judge, play, again=judged is not rounds[0])
            steps_judging.mark_sheet(judge, play, judged, share=share)
        steps_judging.close_round(office, play, judged)
        if judged is not rounds[-1]:
            steps_judging.advance_round(office)
