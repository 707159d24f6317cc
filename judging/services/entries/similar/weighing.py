"""What the phrases of an entry say, by which other entries have them: bounded work, whatever the number of entries."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ARRAY, BigInteger, String, cast, column, func, select

from judging.db.models import SimilarDocument, SimilarPrint
from judging.domain.similarity.prints import phrases_of, prints_of, row_of_prints
from judging.domain.similarity.scoring import FEW, rarity
from judging.domain.similarity.templates import template_phrases
from judging.domain.similarity.words import forms_of

if TYPE_CHECKING:
    from sqlalchemy import TableValuedAlias
    from sqlalchemy.orm import Session

MOST_HAVING = 60
"""A phrase that more entries have says nothing of two of them. So a search reads at most 1,500 times so many rows."""

_AT_A_TIME = 5_000

_NUMBER, _DOCUMENT = SimilarPrint.number, SimilarPrint.document_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The phrases of one entry among `total` entries.

    `having` holds, by phrase, the other documents that have it; a phrase that too many have is missing. `template` are
    the phrases of passages that many have.
    """

    total: int
    prints: Mapping[int, str]
    having: Mapping[int, frozenset[int]]
    template: frozenset[int]

    def worth(self, number: int) -> float:
        """What a phrase says; nothing when too many have it."""
        return rarity(len(self.having[number]) + 1, self.total) if number in self.having else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What an entry has in common with each other document: worth in its own words, worth in all, template phrases."""

    own: Mapping[int, float]
    whole: Mapping[int, float]
    template: Mapping[int, int]


def weigh_phrases(session: Session, document: SimilarDocument) -> Weighed:
    """Look up which others have the phrases of an entry's text. Two statements."""
    forms = forms_of(document.text)
    prints = prints_of(document.organisation_id, phrases_of(forms))
    found = documents_having(session, prints, most=MOST_HAVING)
    having = {number: frozenset(ids) - {document.id} for number, ids in found.items()}
    return Weighed(
        total=count_documents(session, document.organisation_id),
        prints=prints,
        having=having,
        template=frozenset(template_phrases(row_of_prints(forms, prints), having, few=FEW)),
    )


def shared_with(weighed: Weighed) -> Shared:
    """Add up by document what was looked up."""
    own: defaultdict[int, float] = defaultdict(float)
    whole: defaultdict[int, float] = defaultdict(float)
    template: Counter[int] = Counter()
    for number, ids in weighed.having.items():
        worth, in_template = weighed.worth(number), number in weighed.template
        for one in ids:
            whole[one] += worth
            if in_template:
                template[one] += 1
            else:
                own[one] += worth
    return Shared(own=own, whole=whole, template=template)


def count_documents(session: Session, organisation_id: str) -> int:
    """How many entries of the organisation are in the index."""
    query = select(func.count()).where(SimilarDocument.organisation_id == organisation_id)
    return session.scalar(query) or 0


def documents_having(session: Session, numbers: Collection[int], *, most: int) -> dict[int, list[int]]:
    """The documents that have each of the prints. A print that more than `most` have is left out.

    The database stops at that many for each print: what everybody writes costs no more than what few do.
    """
    found = {}
    for part in _parts(numbers):
        asked = _asked(session, part)
        some = select(_DOCUMENT.label("id")).where(asked.c.value == _NUMBER).limit(most + 1).correlate(asked)
        having = some.subquery()
        together = select(func.aggregate_strings(cast(having.c.id, String), ",")).scalar_subquery()
        for number, joined in session.execute(select(asked.c.value, together)):
            ids = [int(one) for one in joined.split(",")] if joined else []
            if len(ids) <= most:
                found[number] = ids
    return found


def _asked(session: Session, numbers: list[int]) -> TableValuedAlias:
    """The numbers as a table, given by one parameter: to write out a row for each of them took a third of a search."""
    value = column("value", BigInteger)
    if session.get_bind().dialect.name == "sqlite":
        return func.json_each(json.dumps(numbers)).table_valued(value, name="asked")
    return func.unnest(cast(numbers, ARRAY(BigInteger))).table_valued(value, name="asked").render_derived()


def _parts(numbers: Collection[int]) -> Iterable[list[int]]:
    ordered = sorted(numbers)
    return (ordered[start : start + _AT_A_TIME] for start in range(0, len(ordered), _AT_A_TIME))
