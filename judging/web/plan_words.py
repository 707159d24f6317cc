"""A plan in words: what it promises, what it cannot do and what would help, with names in place of aliases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from judging.domain.boards import board_label
from judging.domain.comparison import most_meetings
from judging.errors import N_
from judging.services.judges.assigning.inputs import NO_PANEL
from judging.web.formats import entry_code, label, sentence

if TYPE_CHECKING:
    from judging.db.models import Entry, Judge
    from judging.domain.assignment import Pair, Plan
    from judging.domain.plan_settings import PlanSettings
    from judging.domain.rules import ContestRules
    from judging.domain.values import Problem

_MOST_NAMED = 6
_MOST_CODES = 12
_NO_PANEL_ADVICE = N_("Entry %(entry)s: no panel takes its category “%(category)s”. Give the category to a panel.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Who and what the aliases of a plan stand for; panels by id."""

    rules: ContestRules
    entries: Mapping[str, Entry]
    judges: Mapping[str, Judge]
    panels: Mapping[str, str]

    def entry(self, alias: str) -> str:
        """The code of an entry."""
        return entry_code(self.entries[alias].number, self.rules.prefix) if alias in self.entries else alias

    def judge(self, alias: str) -> str:
        """The name of a judge."""
        return self.judges[alias].account.name if alias in self.judges else alias


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedReading:
    """An extra reading that would join two parts of the judges."""

    judge: Judge
    entry: Entry
    outside_panel: bool
    beyond_room: bool


def promises(plan: Plan, settings: PlanSettings, existing: Iterable[Pair], names: Names) -> list[str]:
    """What the plan comes to, a sentence each: loads, preferred categories, the worst-off entry, meetings."""
    told = [*_loads(plan), *_preferences(plan, settings)]
    most, pairs = most_meetings([*existing, *plan.pairs])
    if most:
        pair = ", ".join(names.judge(alias) for alias in pairs[0])
        told.append(_("Most entries that the same two judges share: %(count)s (%(names)s).", count=most, names=pair))
    if plan.cycles:
        cycles = "; ".join(", ".join(map(names.judge, one)) for one in plan.cycles[:_MOST_NAMED])
        told.append(_("Judges who are contestants too would read each other's entries: %(names)s.", names=cycles))
    return told


def advice(plan: Plan, names: Names) -> list[str]:
    """What the plan cannot do and what would help, a sentence for an entry, a panel or a judge.

    Entries that lack the same are named in one sentence.
    """
    alike: dict[tuple[str, str, tuple[tuple[str, object], ...]], list[Problem]] = {}
    for problem in plan.advice:
        rest = tuple(sorted((key, value) for key, value in problem.params.items() if key != "entry"))
        alone = "" if "entry" in problem.params else problem.where
        alike.setdefault((problem.message, alone, rest), []).append(problem)
    return [_advised(problems, names) for problems in alike.values()]


def link_state(parts: Mapping[str, tuple[tuple[str, ...], ...]], names: Names) -> list[str]:
    """For each board on which scores compete, a sentence that says which judges cannot be compared with which."""
    told = []
    for group, found in parts.items():
        if len(found) < 2:
            continue
        board = label(board_label(names.rules, group)) if group else _("The whole contest")
        sets = "; ".join(_some(names.judge(alias) for alias in part) for part in found[:_MOST_NAMED])
        told.append(
            _("%(board)s: the judges fall into %(count)s parts without a common entry: %(sets)s.", board=board,
              count=len(found), sets=sets + (" …" if len(found) > _MOST_NAMED else ""))
        )  # fmt: skip
    return told


def suggested(plan: Plan, names: Names) -> list[SuggestedReading]:
    """The extra readings that would join the judges."""
    return [
        SuggestedReading(
            judge=names.judges[one.judge],
            entry=names.entries[one.entry],
            outside_panel=one.outside_panel,
            beyond_room=one.beyond_room,
        )
        for one in plan.suggestions
        if one.judge in names.judges and one.entry in names.entries
    ]


def _loads(plan: Plan) -> list[str]:
    loads = sorted(plan.load.values())
    if not loads:
        return []
    if loads[0] == loads[-1]:
        return [ngettext("Every judge has %(num)s entry.", "Every judge has %(num)s entries.", loads[0])]
    return [_("Each judge has %(low)s to %(high)s entries.", low=loads[0], high=loads[-1])]


def _preferences(plan: Plan, settings: PlanSettings) -> list[str]:
    if plan.worst is None or not settings.preferences:
        return []
    told = [
        ngettext(
            "%(num)s new reading is in a category that its judge knows best; %(most)s could be at most.",
            "%(num)s new readings are in categories that their judges know best; %(most)s could be at most.",
            round(plan.total),
            most=round(plan.optimum),
        )
    ]
    if plan.worst_bound is not None:
        told.append(
            _("The worst-off entry has %(worst)s such judges; %(bound)s could be at most.", worst=round(plan.worst),
              bound=round(plan.worst_bound))
        )  # fmt: skip
    return told


def _advised(problems: list[Problem], names: Names) -> str:
    problem, message = problems[0], problems[0].message
    params = dict(problem.params)
    entries = sorted((names.entries[one.where] for one in problems if one.where in names.entries), key=_number)
    if params.get("panel") == NO_PANEL and entries:
        keys = {one.category for one in entries}
        labels = [label(one.label) for one in names.rules.categories if one.key in keys]
        message, params["category"] = _NO_PANEL_ADVICE, ", ".join(labels)
    elif "panel" in params:
        params["panel"] = f"“{names.panels.get(str(params['panel']), params['panel'])}”"
    if entries and "entry" in params:
        params["entry"] = _some((names.entry(one.alias) for one in entries), most=_MOST_CODES)
    if "judge" in params:
        params["judge"] = names.judge(str(params["judge"]))
    return sentence(message, params)


def _number(entry: Entry) -> int:
    return entry.number


def _some(all_names: Iterable[str], *, most: int = _MOST_NAMED) -> str:
    found = list(all_names)
    return ", ".join(found[:most]) + (" …" if len(found) > most else "")
