"""What the office is told of an entry that looks like another: by code and title, never by its people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from judging.errors import JudgingError
from judging.services.contests.editions import contest_rules
from judging.services.rounds.entries import entry_code

if TYPE_CHECKING:
    from judging.db.models import Entry
    from judging.plugins import Registry
    from judging.services.entries.similar.pairs import Found

DECLARED = ("prized", "entered_before")
"""Questions of a kind by which authors say themselves that the work is not new to contests."""


def code_of(registry: Registry, entry: Entry) -> str:
    """The code of an entry of any contest; its bare number where the contest's rules cannot be read any more."""
    try:
        return entry_code(contest_rules(registry, entry.contest), entry.number)
    except JudgingError:
        return str(entry.number)


def declared_before(entry: Entry) -> bool:
    """Whether the authors said that the work was entered, or won a prize, before."""
    return any(entry.answers.get(key) is True for key in DECLARED)


def plain_pair(registry: Registry, found: Found) -> dict[str, Any]:
    """A pair as plain JSON for programs."""
    decision = found.decision
    return {
        "entry": _plain_entry(registry, found.one),
        "other": _plain_entry(registry, found.other),
        "score": found.pair.score / 1000,
        "reasons": found.reasons,
        "decision": None if decision is None else "same" if decision.is_same else "different",
        "note": None if decision is None else decision.note,
    }


def _plain_entry(registry: Registry, entry: Entry) -> dict[str, str]:
    return {
        "id": entry.id, "code": code_of(registry, entry), "title": entry.title, "contest": entry.contest.slug,
        "state": entry.state,
    }  # fmt: skip
