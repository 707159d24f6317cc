"""What is set in each part of the settings, in one line."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from judging.domain.rules import ContestRules
from judging.web.formats import label
from judging.web.organiser.settings.part import Part
from judging.web.rule_texts import setting_text

_NAMES = 6


def summarise(part: Part, rules: ContestRules) -> str:
    """One line in the reader's language that says what is set."""
    if part.key.startswith("round-"):
        return _round(part.value, dict(part.fields[2].options))
    if part.key == "team":
        return _("%(low)s to %(high)s authors", low=part.value["low"], high=part.value["high"])
    if part.key == "awards":
        return ", ".join(f"{label(one['label'])} {one['planned']}" for one in part.value) or _("None")
    if part.key == "tie-breaks":
        options = dict(part.fields[0].options)
        return ", ".join(label(options.get(key, key)) for key in part.value) or _("None")
    if part.rows:
        return _names([label(one["label"]) for one in part.value])
    return "; ".join(f"{label(setting.label)}: {setting_text(setting)}" for setting in rules.settings)


def _names(names: list[str]) -> str:
    if not names:
        return _("None")
    shown = "; ".join(names[:_NAMES])
    more = len(names) - _NAMES
    return shown if more <= 0 else _("%(names)s and %(count)s more", names=shown, count=more)


def _round(value: Any, aggregators: dict[str, str]) -> str:
    judges = ngettext("%(num)s judge for each entry", "%(num)s judges for each entry", value["judges_per_entry"])
    combined = label(aggregators.get(value["aggregator"], value["aggregator"]))
    quota = value["quota"]
    if quota is None:
        return f"{judges}; {combined}"
    return f"{judges}; {combined}; " + _("%(places)s go on", places=quota["places"])
