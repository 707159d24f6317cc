"""Why a judge sets an entry aside for later. It is no recusal: the entry stays theirs and comes back to them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import can_see_progress
from judging.domain.roles import Role
from judging.domain.values import Problem
from judging.errors import N_

if TYPE_CHECKING:
    from judging.domain.permissions import Actor

MOST_WORDS = 1000
"""How many characters of explanation are kept."""


class AsideKind(StrEnum):
    """What keeps an entry from being judged now."""

    MODEL_MISSING = "model-missing"
    FILE_BROKEN = "file-broken"
    OTHER = "other"


ASIDE_LABELS: Mapping[AsideKind, str] = {
    AsideKind.MODEL_MISSING: N_("The model is not there"),
    AsideKind.FILE_BROKEN: N_("A file does not open"),
    AsideKind.OTHER: N_("Another reason"),
}


def aside_problems(kind: str, words: str) -> tuple[Problem, ...]:
    """What keeps an entry from being set aside with this reason."""
    if kind not in set(AsideKind):
        return (Problem(code="kind-missing", where="aside-kind", message=N_("Choose why the entry has to wait.")),)
    if kind == AsideKind.OTHER and not words.strip():
        return (
            Problem(code="words-missing", where="aside-words", message=N_("Say in a few words what it waits for.")),
        )
    return ()


def can_answer_aside(actor: Actor, *, phase: ContestPhase) -> bool:
    """Say that an entry can be judged now: the desk during judging, unless they judge in the contest themselves."""
    return actor.has(Role.SECRETARY, Role.ORGANISER) and can_see_progress(actor) and phase is ContestPhase.JUDGING
