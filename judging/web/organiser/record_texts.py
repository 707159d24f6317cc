"""The acts of the record in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from judging.domain.lifecycle import CONTEST_LABELS, ENTRY_LABELS
from judging.errors import N_

_ACTIONS: Mapping[str, str] = {
    "phase-changed": N_("Step of the contest taken"),
    "round-opened": N_("Round opened"),
    "round-closed": N_("Round closed"),
    "round-reopened": N_("Round opened again"),
    "round-advanced": N_("Round ended"),
    "chair-voted": N_("Chair's vote recorded"),
    "entry-begun": N_("Entry begun"),
    "entry-submitted": N_("Entry submitted"),
    "entry-withdrawn": N_("Entry withdrawn"),
    "entry-eligible": N_("Entry found eligible"),
    "entry-returned": N_("Entry returned to complete"),
    "entry-rejected": N_("Entry rejected"),
    "entry-admitted": N_("Late entry admitted"),
    "assignment-made": N_("Judges assigned by plan"),
    "judge-assigned": N_("Judge assigned"),
    "judge-released": N_("Judge released"),
    "sheet-begun": N_("Sheet begun"),
    "sheet-submitted": N_("Sheet submitted"),
    "sheet-reopened": N_("Sheet reopened"),
    "sheet-reassigned": N_("Sheet taken back"),
    "sheet-recused": N_("Judge recused"),
    "sheet-written-off": N_("Sheet written off"),
    "conflicts-searched": N_("Conflicts searched"),
    "conflict-declared": N_("Conflict declared"),
    "conflict-withdrawn": N_("Conflict set aside"),
    "prizes-settled": N_("Prizes settled"),
    "prize-granted": N_("Prize given by decision"),
    "prize-taken-back": N_("Prize taken back"),
    "results-published": N_("Results published"),
    "publication-withdrawn": N_("Results withdrawn"),
}

_DETAILS: Mapping[str, str] = {
    "from": N_("From"), "to": N_("To"), "reason": N_("Reason"), "passed": N_("Passed over"), "round": N_("Round"),
    "entry": N_("Entry"), "judge": N_("Judge"), "entries": N_("Entries"), "pairs": N_("Sheets"),
    "unfilled": N_("Entries short of judges"), "advanced": N_("Go on"), "eliminated": N_("Do not go on"),
    "order": N_("Order"), "level": N_("Prize"), "board": N_("Board"), "prizes": N_("Prizes"), "sheets": N_("Sheets"),
    "decision": N_("Decision"), "found": N_("Found"), "kind": N_("Kind"), "version": N_("Version"), "code": N_("Code"),
    "sha256": "SHA-256",
}  # fmt: skip

_STATES = {
    **{phase.value: text for phase, text in CONTEST_LABELS.items()},
    **{state.value: text for state, text in ENTRY_LABELS.items()},
}


def action_text(action: str) -> str:
    """What was done; an act that no text is known for keeps its key."""
    return gettext(_ACTIONS[action]) if action in _ACTIONS else action


def detail_lines(details: Mapping[str, Any]) -> list[str]:
    """The details of an act, one line each; empty and false ones are left out."""
    told = {key: value for key, value in details.items() if value not in ("", None, False, [])}
    return [f"{_name(key)}: {_value(key, value)}" for key, value in told.items()]


def _name(key: str) -> str:
    return gettext(_DETAILS[key]) if key in _DETAILS else key


def _value(key: str, value: object) -> str:
    if value is True:
        return gettext("yes")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if key in ("from", "to") and str(value) in _STATES:
        return gettext(_STATES[str(value)])
    return str(value)
