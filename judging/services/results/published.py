"""Results as everybody may read them: from the publication, with the names that consents allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from judging.db.models import Contest, Entry, Publication
from judging.db.queries.results import winners_by_alias
from judging.domain.lifecycle import RESULT_PUBLIC_PHASES, ContestPhase
from judging.domain.rules import ContestRules
from judging.services.entries.consents import publishable_names, publishable_units
from judging.services.results.prizes import living_publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Winner:
    """A prize with its entry. `standing` is its place in the last round, None while only winners are posted."""

    level: str
    board: str
    entry: Entry
    names: tuple[str, ...]
    units: tuple[str, ...]
    standing: Mapping[str, Any] | None


def public_publication(session: Session, *, contest: Contest) -> Publication | None:
    """The publication that everybody may read, or None while there is none."""
    if ContestPhase(contest.phase) not in RESULT_PUBLIC_PHASES:
        return None
    return living_publication(session, contest=contest)


def list_winners(
    session: Session, *, contest: Contest, rules: ContestRules, ranking: Mapping[str, Any]
) -> list[Winner]:
    """Every prize of the ranking with its entry, and of its people what consents allow: three queries."""
    entries = winners_by_alias(session, contest, {prize["entry"] for prize in ranking["prizes"]})
    found = list(entries.values())
    names = publishable_names(session, entries=found, rules=rules)
    units = publishable_units(session, entries=found, rules=rules)
    last = ranking["rounds"][-1]["standings"] if ranking["rounds"] else []
    standings = {one["entry"]: one for one in last}
    return [
        Winner(
            level=prize["level"], board=prize["board"], entry=entry, names=names.get(entry.id, ()),
            units=units.get(entry.id, ()), standing=standings.get(entry.alias),
        )
        for prize in ranking["prizes"]
        if (entry := entries.get(prize["entry"])) is not None
    ]  # fmt: skip
