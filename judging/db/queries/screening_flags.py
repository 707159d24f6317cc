"""Two of the queue's flags that lie in other parts: things not received yet, and entries that look alike."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, union_all
from sqlalchemy.orm import aliased

from judging.db.models import Entry, Handover, Judge, SimilarDecision, SimilarPair


def lacks_things(items: Collection[str]) -> ColumnElement[bool]:
    """Entries of which one of these physical items has not been received."""
    return or_(
        false(),
        *(
            ~exists().where(Handover.entry_id == Entry.id, Handover.item == item, Handover.undone_at.is_(None))
            for item in sorted(items)
        ),
    )


def looks_like_another(actor_id: str) -> Select[str]:
    """Entries that look like another, of which nobody has said what it is; nothing of contests in which one judges."""
    judged = select(Judge.contest_id).where(Judge.account_id == actor_id, Judge.is_active)
    one, other = aliased(Entry), aliased(Entry)
    said = exists().where(
        and_(SimilarDecision.first_id == SimilarPair.first_id, SimilarDecision.second_id == SimilarPair.second_id)
    )
    pairs = (
        select(SimilarPair.first_id, SimilarPair.second_id)
        .join(one, one.id == SimilarPair.first_id)
        .join(other, other.id == SimilarPair.second_id)
        .where(~said, one.contest_id.not_in(judged), other.contest_id.not_in(judged))
        .cte("open_pairs")
    )
    both = union_all(select(pairs.c.first_id.label("id")), select(pairs.c.second_id)).subquery()
    return select(both.c.id)
