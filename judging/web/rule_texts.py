"""Rules in words: what a setting is set to, who set it, and what a tie-break compares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext

from judging.db.models import Contest
from judging.domain.fields import Setting, SettingKind
from judging.domain.rules import ContestRules
from judging.plugins import Registry
from judging.web.formats import day, integer, label, mark


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingLine:
    """One setting of the contest as a page shows it: all texts in the reader's language."""

    label: str
    value: str
    help: str
    origin: str


def setting_lines(contest: Contest, rules: ContestRules) -> Sequence[SettingLine]:
    """The settings that the kind declares, with the values that hold in this contest and where each comes from."""
    return [
        SettingLine(
            label=label(setting.label),
            value=setting_text(setting),
            help=label(setting.help),
            origin=_origin(contest, setting),
        )
        for setting in rules.settings
    ]


def deciding_line(contest: Contest, rules: ContestRules, key: str) -> SettingLine | None:
    """The setting behind a decision: one that the kind declares, or the size of the team; None for any other."""
    if key == "team":
        value = gettext("%(low)s to %(high)s", low=rules.team.low, high=rules.team.high)
        origin = gettext("Set for this contest") if key in contest.settings else _own_default()
        return SettingLine(label=gettext("Authors of one entry"), value=value, help="", origin=origin)
    declared = next((setting for setting in rules.settings if setting.key == key), None)
    if declared is None:
        return None
    return SettingLine(
        label=label(declared.label), value=setting_text(declared), help=label(declared.help),
        origin=_origin(contest, declared),
    )  # fmt: skip


def setting_text(setting: Setting) -> str:
    """The value in words; a dash where nothing is set."""
    value = setting.typed()
    if value in (None, ""):
        return "–"
    if setting.kind is SettingKind.BOOLEAN:
        return gettext("Yes") if value else gettext("No")
    if setting.kind is SettingKind.DATE:
        return day(value)  # type: ignore[arg-type]  # a setting of this kind is typed as a date
    if setting.kind is SettingKind.CHOICE:
        return next((label(choice.label) for choice in setting.choices if choice.key == value), str(value))
    if isinstance(value, Decimal):
        return mark(value)
    return integer(value) if isinstance(value, int) else str(value)


def tie_break_labels(registry: Registry, rules: ContestRules) -> Sequence[str]:
    """What parts entries of equal score, in order."""
    return [_tie_break(registry, rules, key) for key in rules.tie_breaks]


def _tie_break(registry: Registry, rules: ContestRules, key: str) -> str:
    known = registry.tie_breakers.get(key)
    if known is not None:
        return label(known.label)
    criteria = {criterion.key: criterion for judged in rules.rounds for criterion in judged.rubric.criteria}
    criterion = criteria.get(key.partition(":")[2])
    if criterion is not None:
        return gettext("Higher mean mark for “%(criterion)s”", criterion=label(criterion.label))
    return key


def _origin(contest: Contest, setting: Setting) -> str:
    if setting.key in contest.settings:
        return gettext("Set for this contest")
    if setting.official:
        return gettext("As in the official rules")
    return _own_default()


def _own_default() -> str:
    return gettext("Our own default: no official text gives a figure")
