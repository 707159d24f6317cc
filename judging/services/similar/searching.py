"""Holding an entry against all others of its organisation: candidates by the index, then each of them exactly.

Five statements, whatever the number of entries.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import load_only

from judging.db.models import SimilarDocument, SimilarPrint
from judging.domain.similarity.prints import phrases_of, prints_of
from judging.domain.similarity.scoring import (
    FEW,
    MANY_CANDIDATES,
    MOST_SHOWN,
    Evidence,
    background,
    overlap,
    rarity,
    title_likeness,
)
from judging.domain.similarity.words import forms_of
from judging.services.similar.index import looks_of, other_prints

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

_LEAST_COMMON = 50
_COMMON_SHARE = 50
_AT_A_TIME = 5_000

_NUMBER, _DOCUMENT = SimilarPrint.number, SimilarPrint.document_id


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
    phrases = set(prints_of(document.organisation_id, phrases_of(forms_of(document.text))))
    others = set(other_prints(document))
    total = count_documents(session, document.organisation_id)
    counts = count_prints(session, phrases | others)
    common = max(_LEAST_COMMON, total // _COMMON_SHARE)
    asked = [number for number in phrases | others if 1 < counts.get(number, 1) <= common]
    worth = {number: rarity(counts[number], total) for number in asked if number in phrases}
    shared, pointed = _gather(session, asked, worth, besides=document.id)
    own = sum(rarity(counts.get(number, 1), total) for number in phrases)
    candidates = _load(session, _choose(shared, pointed), document.organisation_id)
    return _weigh(document, candidates, shared, own=own, total=total)


def count_documents(session: Session, organisation_id: str) -> int:
    """How many entries of the organisation are in the index."""
    query = select(func.count()).where(SimilarDocument.organisation_id == organisation_id)
    return session.scalar(query) or 0


def count_prints(session: Session, numbers: Collection[int]) -> dict[int, int]:
    """How many documents have each of the prints."""
    found: dict[int, int] = {}
    for part in _parts(numbers):
        query = select(_NUMBER, func.count()).where(_NUMBER.in_(part)).group_by(_NUMBER)
        found.update((number, count) for number, count in session.execute(query))
    return found


def _gather(
    session: Session, asked: Collection[int], worth: Mapping[int, float], *, besides: int
) -> tuple[Mapping[int, float], Counter[int]]:
    """By document: the worth of the phrases in common, and how many other prints (titles, files, looks) are."""
    shared: defaultdict[int, float] = defaultdict(float)
    pointed: Counter[int] = Counter()
    for part in _parts(asked):
        for number, found in session.execute(select(_NUMBER, _DOCUMENT).where(_NUMBER.in_(part))):
            if found == besides:
                continue
            if number in worth:
                shared[found] += worth[number]
            else:
                pointed[found] += 1
    return shared, pointed


def _choose(shared: Mapping[int, float], pointed: Counter[int]) -> list[int]:
    best = heapq.nlargest(MANY_CANDIDATES, shared, key=lambda found: shared[found])
    return list(dict.fromkeys([*best, *(found for found, _ in pointed.most_common(MANY_CANDIDATES))]))


def _load(session: Session, ids: Sequence[int], organisation_id: str) -> Sequence[SimilarDocument]:
    # The organisation is part of every print already; a right is not left to a hash alone.
    query = (
        select(SimilarDocument)
        .where(SimilarDocument.id.in_(ids), SimilarDocument.organisation_id == organisation_id)
        .options(
            load_only(
                SimilarDocument.entry_id, SimilarDocument.organisation_id, SimilarDocument.title,
                SimilarDocument.prints, SimilarDocument.looks, SimilarDocument.files,
            )
        )
    )  # fmt: skip
    return session.scalars(query).all() if ids else []


def _weigh(
    document: SimilarDocument, candidates: Sequence[SimilarDocument], shared: Mapping[int, float], *, own: float,
    total: int,
) -> list[Suggestion]:  # fmt: skip
    overlaps = {one.id: overlap(shared.get(one.id, 0.0), own, document.prints, one.prints) for one in candidates}
    usual = background(list(overlaps.values()), total)
    pictures, files = _pictures(document, candidates), _files(document, candidates)
    titles = {one.id: title_likeness(document.title, one.title) for one in candidates}
    popular = sum(likeness == 1 for likeness in titles.values()) > FEW
    found = [
        Suggestion(
            entry_id=one.entry_id,
            evidence=Evidence(
                text=overlaps[one.id], usual=usual, title=0.0 if popular else titles[one.id],
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
    for other in candidates:
        for own_id, own in looks_of(document):
            for other_id, look in looks_of(other):
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


def _parts(numbers: Collection[int]) -> Iterable[list[int]]:
    ordered = sorted(numbers)
    return (ordered[start : start + _AT_A_TIME] for start in range(0, len(ordered), _AT_A_TIME))
