"""What an entry's people are told about where it stands."""

from __future__ import annotations

from judging.db.models import Contest, Entry
from judging.domain.lifecycle import RESULT_PUBLIC_PHASES, ContestPhase, EntryState

_TELLS_A_RESULT = frozenset(
    {EntryState.IN_ROUND, EntryState.ADVANCED, EntryState.ELIMINATED, EntryState.AWARDED, EntryState.NOT_AWARDED}
)
WITHDRAWABLE = frozenset(
    {EntryState.DRAFT, EntryState.SUBMITTED, EntryState.RETURNED, EntryState.LATE, EntryState.ELIGIBLE}
)
"""States from which its people may withdraw an entry by themselves.

Once judging has begun the office does it: whether the page still offered it would tell who is out.
"""


def results_are_public(contest: Contest) -> bool:
    """Whether the results may be told: they were published, and the publication was not withdrawn since."""
    return ContestPhase(contest.phase) in RESULT_PUBLIC_PHASES and contest.published_at is not None


def shown_state(entry: Entry, contest: Contest) -> EntryState:
    """The state as the entry's people may know it: before the results are public all judged entries look alike."""
    return shown_as(EntryState(entry.state), contest)


def shown_as(state: EntryState, contest: Contest) -> EntryState:
    """As what a state is shown to an entry's people."""
    return EntryState.IN_ROUND if state in _TELLS_A_RESULT and not results_are_public(contest) else state
