"""Surnames that a judge shares with an author: shown to the office, and never a reason by themselves."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from judging.db.queries.conflicts import assigned_pairs
from judging.domain.affiliations import surname_key
from judging.domain.conflicts import shared_surnames
from judging.services.judges.conflicts.profiles import author_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Contest, Entry, Judge

# A contest has a few thousand readings; more than this nobody looks through.
_MOST_READINGS = 20_000


class SurnameHint(NamedTuple):
    """A judge and an entry that they have, and the authors of the same surname."""

    judge: Judge
    entry: Entry
    names: Sequence[str]


def surname_hints(session: Session, *, contest: Contest, limit: int) -> Sequence[SurnameHint]:
    """Hints among the readings that are on, rare surnames first: of those few share one by chance."""
    pairs = assigned_pairs(session, contest, limit=_MOST_READINGS)
    authors = author_names(session, {one.entry_id for one in pairs})
    found = [
        SurnameHint(one.judge, one.entry, names)
        for one in pairs
        if (names := shared_surnames(one.judge.account.name, authors.get(one.entry_id, ())))
    ]
    often = Counter(surname_key(name) for names in authors.values() for name in names)
    found.sort(key=lambda hint: (often[surname_key(hint.names[0])], hint.entry.number, hint.judge.alias))
    return found[:limit]
