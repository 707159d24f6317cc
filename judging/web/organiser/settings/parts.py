"""The settings of an edition as pages show them: one part for each setting that has a form of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judging.domain.edition import edition_settings
from judging.domain.fields import Setting, SettingKind
from judging.domain.rules import Board, ContestRules, GapRule, GateScope, RoundMode
from judging.errors import N_
from judging.plugins import Registry
from judging.web.organiser.settings.fields import SettingField
from judging.web.organiser.settings.part import Part

Plain = Any
OWN_RULES = "rules"

BOARDS = (
    (Board.CONTEST.value, N_("For the whole contest")),
    (Board.DIVISION.value, N_("For each division")),
    (Board.CATEGORY.value, N_("For each category")),
)
MODES = (
    (RoundMode.DOSSIER.value, N_("Judges read the dossier")),
    (RoundMode.PRESENTATION.value, N_("Authors present their work")),
    (RoundMode.PITCH.value, N_("Authors pitch")),
    (RoundMode.VISIT.value, N_("Judges visit")),
)
GAP_RULES = (
    (GapRule.OFF.value, N_("Nothing")),
    (GapRule.FLAG.value, N_("The office is told")),
    (GapRule.DISCUSS.value, N_("The panel discusses the entry")),
    (GapRule.THIRD_JUDGE.value, N_("One more judge reads the entry")),
)
SCOPES = (
    (GateScope.ADVANCE.value, N_("To go on to the next round")),
    (GateScope.PRIZE.value, N_("To win any prize")),
    (GateScope.LEVEL.value, N_("To win one prize level")),
)

_SETTING_KINDS: Mapping[SettingKind, Any] = {
    SettingKind.INTEGER: "integer",
    SettingKind.DECIMAL: "decimal",
    SettingKind.BOOLEAN: "check",
    SettingKind.DATE: "date",
    SettingKind.TEXT: "text",
    SettingKind.CHOICE: "choice",
}


def list_parts(registry: Registry, rules: ContestRules) -> tuple[Part, ...]:
    """Every part of the settings in the order of the page; rubrics have an editor of their own and are left out."""
    settings = {setting.key: setting for setting in edition_settings(rules)}
    parts = [_own_rules(rules)] if rules.settings else []
    parts += [_named(key, label, settings[key].value) for key, label in _NAMED]
    parts.append(_team(settings["team"].value))
    for judged in rules.rounds:
        parts.append(_round(registry, f"round-{judged.key}", judged.label, settings[f"round-{judged.key}"].value))
    parts.append(_gates(rules, settings["gates"].value))
    parts.append(_awards(settings["awards"].value))
    parts.append(_tie_breaks(registry, rules, settings["tie-breaks"].value))
    return tuple(parts)


def find_part(registry: Registry, rules: ContestRules, key: str) -> Part | None:
    """The part of that key, or None."""
    return next((part for part in list_parts(registry, rules) if part.key == key), None)


_NAMED = (("categories", N_("Categories")), ("divisions", N_("Divisions")))
_LABEL = SettingField(name="label", label=N_("Name"), translated=True)


def _own_rules(rules: ContestRules) -> Part:
    return Part(
        key=OWN_RULES,
        label=N_("Rules of this edition"),
        fields=tuple(_declared(setting) for setting in rules.settings),
        value={setting.key: setting.default for setting in rules.settings},
        help=N_("What the rules of this kind leave to each edition."),
    )


def _declared(setting: Setting) -> SettingField:
    return SettingField(
        name=setting.key,
        label=setting.label,
        kind=_SETTING_KINDS[setting.kind],
        help=setting.help,
        options=tuple((choice.key, choice.label) for choice in setting.choices),
        optional=setting.kind in (SettingKind.TEXT, SettingKind.DATE),
        note=N_("As the official rules say.") if setting.official else N_("Our own default: no official text says."),
    )


def _named(key: str, label: str, value: Plain) -> Part:
    categories = key == "categories"
    return Part(
        key=key,
        label=label,
        fields=(_LABEL,),
        value=value,
        rows=True,
        spare="category" if categories else "division",
        add_label=N_("Add a category") if categories else N_("Add a division"),
        help=N_("The fields in which entries are registered.")
        if categories
        else N_("Separate prize boards, such as age groups or tracks. None is normal."),
    )


def _team(value: Plain) -> Part:
    return Part(
        key="team",
        label=N_("Team"),
        value=value,
        fields=(
            SettingField(name="low", label=N_("Fewest authors"), kind="integer"),
            SettingField(name="high", label=N_("Most authors"), kind="integer"),
            SettingField(name="shares", label=N_("Authors state their contributions in per cent"), kind="check"),
            SettingField(name="births", label=N_("Authors state their date of birth"), kind="check"),
        ),
    )


def _round(registry: Registry, key: str, label: str, value: Plain) -> Part:
    aggregators = tuple((one.key, one.label) for one in registry.aggregators.values())
    return Part(
        key=key,
        label=label,
        value=value,
        spread=_spread_quota,
        gather=_gather_quota,
        fields=(
            SettingField(name="mode", label=N_("How judges meet the entries"), kind="choice", options=MODES),
            SettingField(name="judges_per_entry", label=N_("Judges for each entry"), kind="integer"),
            SettingField(
                name="aggregator", label=N_("How their marks become one score"), kind="choice", options=aggregators
            ),
            SettingField(
                name="gap_limit",
                label=N_("Largest gap between two judges, in points"),
                kind="decimal",
            ),
            SettingField(name="gap_rule", label=N_("When the gap is larger"), kind="choice", options=GAP_RULES),
            SettingField(
                name="quota_places",
                label=N_("How many go on"),
                kind="integer",
                optional=True,
                help=N_("Leave it empty when there is no limit, or no later round."),
            ),
            SettingField(name="quota_board", label=N_("Places are counted"), kind="choice", options=BOARDS),
            SettingField(
                name="minutes", label=N_("Minutes for presenting"), kind="integer", help=N_("0 means no timer.")
            ),
            SettingField(name="question_minutes", label=N_("Minutes for questions"), kind="integer"),
            SettingField(
                name="sentences",
                label=N_("Sentences that the comment of a sheet needs"),
                kind="integer",
                help=N_("0 means that a comment is not asked for."),
            ),
            SettingField(
                name="warm_up",
                label=N_("First sheets that each judge looks at again"),
                kind="integer",
                help=N_(
                    "Offered once all other sheets of the judge are in: keep or revise. Every version is kept. 0 means "
                    "none."
                ),
            ),
            SettingField(name="blind", label=N_("Judges do not see who made the entry"), kind="check"),
        ),
    )


def _spread_quota(value: Mapping[str, Plain]) -> Mapping[str, Plain]:
    quota = value.get("quota") or {}
    return {**value, "quota_places": quota.get("places"), "quota_board": quota.get("board", Board.CONTEST.value)}


def _gather_quota(values: dict[str, Plain]) -> dict[str, Plain]:
    places, board = values.pop("quota_places"), values.pop("quota_board")
    return {**values, "quota": None if places is None else {"places": places, "board": board}}


def _gates(rules: ContestRules, value: Plain) -> Part:
    criteria = tuple(
        {one.key: one.label for judged in rules.rounds for one in judged.rubric.criteria if one.scales}.items()
    )
    return Part(
        key="gates",
        label=N_("Gates"),
        value=value,
        rows=True,
        spare="gate",
        add_label=N_("Add a gate"),
        help=N_("What an entry must reach to go on or to win a prize."),
        fields=(
            _LABEL,
            SettingField(name="scope", label=N_("What it guards"), kind="choice", options=SCOPES),
            SettingField(
                name="round",
                label=N_("Round"),
                kind="choice",
                options=tuple((judged.key, judged.label) for judged in rules.rounds),
            ),
            SettingField(name="minimum", label=N_("Least score"), kind="decimal"),
            SettingField(
                name="criterion", label=N_("Only this criterion"), kind="choice", options=criteria, optional=True
            ),
            SettingField(
                name="level",
                label=N_("Only this prize"),
                kind="choice",
                options=tuple((award.key, award.label) for award in rules.awards),
                optional=True,
            ),
            SettingField(name="no_zero", label=N_("No judge gave a 0"), kind="check"),
        ),
    )


def _awards(value: Plain) -> Part:
    return Part(
        key="awards",
        label=N_("Prizes"),
        value=value,
        rows=True,
        spare="prize",
        add_label=N_("Add a prize"),
        help=N_("The highest level first. Fewer prizes than planned, or none, is a normal outcome."),
        fields=(
            _LABEL,
            SettingField(name="planned", label=N_("How many"), kind="integer"),
            SettingField(name="board", label=N_("Counted"), kind="choice", options=BOARDS),
            SettingField(name="money", label=N_("Money (đồng)"), kind="money"),
            SettingField(name="special", label=N_("Side prize, given by name"), kind="check"),
        ),
    )


def _tie_breaks(registry: Registry, rules: ContestRules, value: Plain) -> Part:
    criteria = {one.key: one.label for judged in rules.rounds for one in judged.rubric.criteria if one.scales}
    options = [(f"criterion:{key}", label) for key, label in criteria.items()]
    options += [(one.key, one.label) for one in registry.tie_breakers.values()]
    return Part(
        key="tie-breaks",
        label=N_("Tie-breaks"),
        value=value,
        rows=True,
        add_label=N_("Add a tie-break"),
        help=N_("What parts entries of equal score, in this order. A criterion compares its mean mark."),
        fields=(SettingField(name="key", label=N_("What is compared"), kind="choice", options=tuple(options)),),
    )
