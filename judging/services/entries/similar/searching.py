"""Holding an entry against all others of its organisation: candidates by the index, then each of them exactly.

Four statements and a bounded number of rows, whatever the number of entries.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import load_only

from judging.db.models import SimilarDocument
from judging.domain.similarity.order import in_order, own_words
from judging.domain.similarity.scoring import (
    FEW,
    MANY_CANDIDATES,
    MOST_SHOWN,
    Evidence,
    background,
    overlap,
    title_likeness,
    told_overlap,
    usual_order,
)
from judging.domain.similarity.words import forms_of
from judging.services.entries.similar.index import looks_of, other_prints
from judging.services.entries.similar.weighing import Shared, Weighed, documents_having, shared_with, weigh_phrases

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

_MOST_POINTED = 200
"""A title, a file or a part of a look that more entries have points at none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Another entry that looks like the one asked about, and by what."""

    entry_id: str
    evidence: Evidence

    @property
    def score(self) -> float:
        """From 0 to 1."""
        return self.evidence.score


def search_similar(session: Session, *, document: SimilarDocument) -> list[Suggestion]:
    """At most three entries of the organisation that have more in common with this one than a theme explains."""
    weighed = weigh_phrases(session, document)
    shared = shared_with(weighed)
    pointed = _pointed(session, document)
    candidates = _load(session, _choose(shared, pointed), document.organisation_id)
    orders = _orders(document, weighed, candidates)
    return _judge(document, candidates, _overlaps(weighed, shared, candidates), orders, total=weighed.total)


def _pointed(session: Session, document: SimilarDocument) -> Counter[int]:
    """By document: how many other prints (title, files, looks) are the same."""
    found = documents_having(session, set(other_prints(document)), most=_MOST_POINTED)
    return Counter(one for ids in found.values() for one in ids if one != document.id)


def _choose(shared: Shared, pointed: Counter[int]) -> list[int]:
    """Those that have most in common in their own words, those that are the same from end to end, those pointed at."""
    best = heapq.nlargest(MANY_CANDIDATES, shared.own, key=lambda found: shared.own[found])
    same = heapq.nlargest(MOST_SHOWN, shared.whole, key=lambda found: shared.whole[found])
    return list(dict.fromkeys([*best, *same, *(found for found, _ in pointed.most_common(MANY_CANDIDATES))]))


def _load(session: Session, ids: Sequence[int], organisation_id: str) -> Sequence[SimilarDocument]:
    # The organisation is part of every print already; a right is not left to a hash alone.
    query = (
        select(SimilarDocument)
        .where(SimilarDocument.id.in_(ids), SimilarDocument.organisation_id == organisation_id)
        .options(
            load_only(
                SimilarDocument.entry_id, SimilarDocument.organisation_id, SimilarDocument.title,
                SimilarDocument.text, SimilarDocument.prints, SimilarDocument.looks, SimilarDocument.files,
            )
        )
    )  # fmt: skip
    return session.scalars(query).all() if ids else []


def _overlaps(
    weighed: Weighed, shared: Shared, candidates: Sequence[SimilarDocument]
) -> dict[int, tuple[float, float]]:
    """By document: the overlap in the works' own words, and in all their words."""
    own = sum(weighed.worth(number) for number in weighed.prints if number not in weighed.template)
    whole = sum(map(weighed.worth, weighed.prints))
    count, templates = len(weighed.prints), len(weighed.template)
    return {
        one.id: (
            overlap(
                shared.own.get(one.id, 0.0), own, count - templates, one.prints - shared.template.get(one.id, 0)
            ),
            overlap(shared.whole.get(one.id, 0.0), whole, count, one.prints),
        )
        for one in candidates
    }  # fmt: skip


def _orders(document: SimilarDocument, weighed: Weighed, candidates: Sequence[SimilarDocument]) -> dict[int, float]:
    """By document: the share of the works' own words that stand in the same order."""
    template = {weighed.prints[number] for number in weighed.template}
    own = own_words(forms_of(document.text), template)
    return {one.id: in_order(own, own_words(forms_of(one.text), template)) for one in candidates}


def _judge(
    document: SimilarDocument, candidates: Sequence[SimilarDocument], overlaps: dict[int, tuple[float, float]],
    orders: dict[int, float], *, total: int,
) -> list[Suggestion]:  # fmt: skip
    usual = background([own for own, _ in overlaps.values()], total)
    order_usual = usual_order(list(orders.values()))
    pictures, files = _pictures(document, candidates), _files(document, candidates)
    titles = {one.id: title_likeness(document.title, one.title) for one in candidates}
    popular = sum(likeness == 1 for likeness in titles.values()) > FEW
    found = [
        Suggestion(
            entry_id=one.entry_id,
            evidence=Evidence(
                text=told_overlap(*overlaps[one.id]), usual=usual, order=orders[one.id], order_usual=order_usual,
                title=0.0 if popular else titles[one.id],
                pictures=pictures.get(one.id, {}), files=files.get(one.id, ()),
            ),
        )
        for one in candidates
    ]  # fmt: skip
    found.sort(key=lambda one: (-one.score, one.entry_id))
    return [one for one in found[:MOST_SHOWN] if one.score > 0]


def _pictures(
    document: SimilarDocument, candidates: Iterable[SimilarDocument]
) -> dict[int, dict[tuple[str, str], int]]:
    """The pictures that look alike, but for those that many works show: a school's badge, a sample form."""
    found: defaultdict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    shown: defaultdict[str, set[int]] = defaultdict(set)
    own_looks = looks_of(document)
    for other in candidates:
        looks = looks_of(other) if own_looks else ()
        for own_id, own in own_looks:
            for other_id, look in looks:
                if own.is_copy(look):
                    found[other.id][own_id, other_id] = own.distance(look)
                    shown[own_id].add(other.id)
    return {
        one: {pair: distance for pair, distance in pairs.items() if len(shown[pair[0]]) <= FEW}
        for one, pairs in found.items()
    }


def _files(
    document: SimilarDocument, candidates: Sequence[SimilarDocument]
) -> dict[int, list[tuple[str, str]]]:  # fmt: skip
    """The files that are equal byte by byte, but for those that many works have."""
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for own_id, sha256 in document.files:
        having = [(one.id, file_id) for one in candidates for file_id, other in one.files if other == sha256]
        if len({one for one, _ in having}) <= FEW:
            for one, file_id in having:
                found[one].append((own_id, file_id))
    return found
