"""What the columns of a table may be in a contest: the core's targets and the questions of its entry form."""

from __future__ import annotations

from judging.domain.importing.columns import ANSWER, BORN, CORE_TARGETS, DIVISION, SHARE, Target
from judging.domain.rules import ContestRules
from judging.services.entries.imports.words import Say


def targets_of(rules: ContestRules, say: Say) -> tuple[Target, ...]:
    """The targets of the contest. Questions come first: where names are alike, the form's own word is meant."""
    idle = {
        DIVISION if not rules.divisions else "",
        BORN if not rules.team.births else "",
        SHARE if not rules.team.shares else "",
    }
    core = [
        Target(key=target.key, label=target.label, names=(*say(target.label), *target.names))
        for target in CORE_TARGETS
        if target.key not in idle
    ]
    asked = [
        Target(key=ANSWER + field.key, label=field.label, names=(field.key, *say(field.label)))
        for field in rules.fields
    ]
    return (*asked, *core)
