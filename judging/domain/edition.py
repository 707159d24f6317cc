"""One edition of a contest kind: the kind's rules with what an organiser has set.

An edition stores only its differences, as plain JSON by setting key. `apply_settings` gives the rules in force. Besides
the settings that a kind declares, every kind has the settings that follow from its data: its categories, divisions,
team, gates, prizes and tie-breaks, and for each round its conduct (`round-<key>`) and its rubric (`rubric-<key>`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from judging.domain.fields import Setting, SettingKind
from judging.domain.rubric import Rubric
from judging.domain.rules import Award, Category, ContestRules, Division, Gate, Round, Team
from judging.domain.structure import Plain, from_plain, to_plain
from judging.errors import N_, RulesError

Row = TypeVar("Row")

_ROUND_OWN = ("key", "label", "rubric")


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionSetting:
    """A setting of an edition as an editor needs it: its kind and its value in force, as plain JSON."""

    key: str
    label: str
    kind: SettingKind
    value: Plain
    help: str = ""
    declared: Setting | None = None
    round: str | None = None


def edition_settings(rules: ContestRules) -> tuple[EditionSetting, ...]:
    """Everything an organiser may change in an edition with these rules, in the order a page shows it."""
    whole = (
        ("categories", N_("Categories"), SettingKind.CATEGORIES, rules.categories),
        ("divisions", N_("Divisions"), SettingKind.DIVISIONS, rules.divisions),
        ("team", N_("Team"), SettingKind.TEAM, rules.team),
    )
    ending = (
        ("gates", N_("Gates"), SettingKind.GATES, rules.gates),
        ("awards", N_("Prizes"), SettingKind.AWARDS, rules.awards),
        ("tie-breaks", N_("Tie-breaks"), SettingKind.TIE_BREAKS, rules.tie_breaks),
    )
    declared = [
        EditionSetting(
            key=setting.key,
            label=setting.label,
            kind=setting.kind,
            value=setting.default,
            help=setting.help,
            declared=setting,
        )
        for setting in rules.settings
    ]
    return (
        *declared,
        *(EditionSetting(key=key, label=label, kind=kind, value=to_plain(part)) for key, label, kind, part in whole),
        *(setting for judged in rules.rounds for setting in _round_settings(judged)),
        *(EditionSetting(key=key, label=label, kind=kind, value=to_plain(part)) for key, label, kind, part in ending),
    )


def _round_settings(judged: Round) -> tuple[EditionSetting, EditionSetting]:
    # Field by field: an editor needs those too that the plain form leaves out at their default.
    conduct = {one.name: to_plain(getattr(judged, one.name)) for one in fields(judged) if one.name not in _ROUND_OWN}
    return (
        EditionSetting(
            key=f"round-{judged.key}", label=judged.label, kind=SettingKind.ROUND, value=conduct, round=judged.key
        ),
        EditionSetting(
            key=f"rubric-{judged.key}",
            label=judged.label,
            kind=SettingKind.RUBRIC,
            value=to_plain(judged.rubric),
            round=judged.key,
        ),
    )


def apply_settings(rules: ContestRules, values: Mapping[str, Plain]) -> ContestRules:
    """The rules in force: `rules` with an edition's `values` by setting key.

    Whatever the order of `values`, the result is the same, and it is checked as a whole. Raises RulesError that names
    the setting, the place in it, or the contradiction.
    """
    changes: dict[str, Any] = {}
    rounds = {judged.key: judged for judged in rules.rounds}
    declared = {setting.key: setting for setting in rules.settings}
    for key in sorted(values):
        value = values[key]
        if key in declared:
            declared[key] = replace(declared[key], default=value)
        elif key in _WHOLE:
            field, read = _WHOLE[key]
            changes[field] = read(value)
        elif not _apply_to_round(rounds, key, value):
            raise RulesError(N_("There is no setting “%(key)s” in this contest."), key=key)
    return replace(rules, rounds=tuple(rounds.values()), settings=tuple(declared.values()), **changes)


def _apply_to_round(rounds: dict[str, Round], key: str, value: Plain) -> bool:
    what, _, name = key.partition("-")
    judged = rounds.get(name)
    if judged is None or what not in ("round", "rubric"):
        return False
    if what == "rubric":
        rounds[name] = replace(judged, rubric=from_plain(Rubric, value))
        return True
    if not isinstance(value, dict) or not set(value) <= {field.name for field in fields(Round)} - set(_ROUND_OWN):
        raise RulesError(N_("The settings of round “%(round)s” cannot be read."), round=judged.label)
    rounds[name] = from_plain(Round, {**to_plain(judged), **value})
    return True


def _rows(shape: type[Row]) -> Callable[[Plain], tuple[Row, ...]]:
    def read(value: Plain) -> tuple[Row, ...]:
        if not isinstance(value, list):
            raise RulesError(N_("%(place)s has a value of the wrong type."), place=shape.__name__)
        return tuple(from_plain(shape, row) for row in value)

    return read


def _read_tie_breaks(value: Plain) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
        raise RulesError(N_("%(place)s has a value of the wrong type."), place="tie_breaks")
    return tuple(value)


_WHOLE: dict[str, tuple[str, Callable[[Plain], object]]] = {
    "categories": ("categories", _rows(Category)),
    "divisions": ("divisions", _rows(Division)),
    "team": ("team", lambda value: from_plain(Team, value)),
    "gates": ("gates", _rows(Gate)),
    "awards": ("awards", _rows(Award)),
    "tie-breaks": ("tie_breaks", _read_tie_breaks),
}
