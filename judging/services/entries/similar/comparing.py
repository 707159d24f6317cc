"""The passages that two entries have in common, drawn from the index when somebody looks at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import SimilarDocument
from judging.domain.similarity.passages import Passage, find_passages
from judging.services.entries.similar.weighing import weigh_phrases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from judging.services.entries.similar.pairs import Found

_COMMON = 20
"""A phrase that more than one of so many works has says nothing about two of them."""


def passages_in_common(session: Session, *, found: Sequence[Found]) -> dict[str, list[Passage]]:
    """For entries found to look like one and the same entry: the passages by the other entry's id.

    Three statements, however many there are.
    """
    if not found:
        return {}
    ids = {one.other.id for one in found} | {found[0].one.id}
    query = select(SimilarDocument).where(SimilarDocument.entry_id.in_(ids))
    documents = {one.entry_id: one for one in session.scalars(query)}
    own = documents.get(found[0].one.id)
    if own is None:
        return {}
    worth = _worth(session, own)
    return {
        one.other.id: find_passages(own.text, documents[one.other.id].text, worth=worth)
        for one in found
        if "text" in one.reasons and one.other.id in documents
    }


def _worth(session: Session, document: SimilarDocument) -> dict[str, float]:
    """What the phrases of the text say, by how rare they are; those of a template say nothing."""
    weighed = weigh_phrases(session, document)
    few = max(3, weighed.total // _COMMON)
    return {
        phrase: weighed.worth(number)
        for number, phrase in weighed.prints.items()
        if 0 < len(weighed.having.get(number, ())) < few and number not in weighed.template
    }
