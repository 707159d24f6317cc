"""What the office's forms have in common: who may read, and how a refusal is shown without losing what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import can_see_progress, can_see_standings
from judging.errors import N_, Conflict, NotAllowed, Refused
from judging.web.context import actor, contest
from judging.web.formats import error_sentence, problem_sentence
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Callable

READERS = ("organiser", "secretary", "committee", "auditor")
DESK = ("organiser", "secretary")
REFUSED = 422


def refusals_of(act: Callable[[], object]) -> list[str]:
    """Do `act` and return nothing, or every sentence that says why it was refused; then nothing was changed."""
    try:
        with db().begin_nested():
            act()
    except Refused as refused:
        return [problem_sentence(problem) for problem in refused.problems]
    except Conflict as conflict:
        return [error_sentence(conflict)]
    return []


def require_progress() -> None:
    """Keep counts of sheets and gaps from whoever judges in the contest. Raises NotAllowed."""
    if not can_see_progress(actor()):
        raise NotAllowed(N_("You judge in this contest: how the others score stays closed to you."))


def require_standings() -> None:
    """Keep standings from whoever judges in the contest, until they are public. Raises NotAllowed."""
    if not can_see_standings(actor(), phase=ContestPhase(contest().phase)):
        raise NotAllowed(N_("You judge in this contest: the standings stay closed to you until they are published."))
