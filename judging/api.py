"""All that a plugin may import.

A plugin is an object with `judging_api = 1` and methods marked with `hookimpl`; hookspecs.py describes the hooks. What
stands here keeps its meaning for as long as `API_VERSION` stays the same: names, fields, hooks and their arguments may
be added, none is taken away and none changes what it means.
"""

from __future__ import annotations

import pluggy

from judging.domain.edition import apply_settings
from judging.domain.fields import Choice, DossierItem, EntryField, FieldKind, ItemKind, Setting, SettingKind
from judging.domain.menus import menu
from judging.domain.policy import policy
from judging.domain.rubric import Band, CommentRule, Criterion, Part, Rubric, Scale, Section
from judging.domain.rules import (
    Award,
    Board,
    Category,
    ContestRules,
    Division,
    Document,
    GapRule,
    Gate,
    GateScope,
    Quota,
    Round,
    RoundMode,
    Team,
)
from judging.domain.strategies import Aggregator, Report, TieBreaker, TieContext
from judging.domain.structure import digest
from judging.domain.totals import as_decimal_string, criterion_values, sheet_total
from judging.domain.values import Ballot, Entry, Grant, Member, Problem, Score, Standing, TieDecision
from judging.errors import N_, RulesError

API_VERSION = 1
PROJECT = "judging"

hookimpl = pluggy.HookimplMarker(PROJECT)

__all__ = [
    "API_VERSION",
    "N_",
    "PROJECT",
    "Aggregator",
    "Award",
    "Ballot",
    "Band",
    "Board",
    "Category",
    "Choice",
    "CommentRule",
    "ContestRules",
    "Criterion",
    "Division",
    "Document",
    "DossierItem",
    "Entry",
    "EntryField",
    "FieldKind",
    "GapRule",
    "Gate",
    "GateScope",
    "Grant",
    "ItemKind",
    "Member",
    "Part",
    "Problem",
    "Quota",
    "Report",
    "Round",
    "RoundMode",
    "Rubric",
    "RulesError",
    "Scale",
    "Score",
    "Section",
    "Setting",
    "SettingKind",
    "Standing",
    "Team",
    "TieBreaker",
    "TieContext",
    "TieDecision",
    "apply_settings",
    "as_decimal_string",
    "criterion_values",
    "digest",
    "hookimpl",
    "menu",
    "policy",
    "sheet_total",
]
