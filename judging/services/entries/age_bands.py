"""Age bands: what those who read a dossier and are no office learn of its authors' birth dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.domain.country import bands_of
from judging.services.entries.eligibility import today_in
from judging.services.entries.people.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Entry, EntryMember
    from judging.domain.rules import ContestRules


def age_bands(session: Session, *, entry: Entry, people: Sequence[EntryMember], rules: ContestRules) -> tuple[str, ...]:
    """The bands that these authors of the entry are in on the closing day, each once; none where no children enter."""
    if not rules.children:
        return ()
    contest = entry.contest
    day = today_in(contest, contest.closes_at or entry.created_at)
    return bands_of((one.born for one in people), day, terms_of(session, contest=contest, rules=rules).profile)
