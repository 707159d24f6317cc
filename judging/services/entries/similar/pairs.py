"""What was found: pairs of entries that look alike, and what the office said of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from judging.db.models import Contest, Entry, Judge, SimilarDecision, SimilarPair
from judging.domain.similarity.rights import can_settle_similar
from judging.domain.similarity.scoring import MOST_SHOWN
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, NotFound, Refused
from judging.services.entries.record import record_entry_event

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.orm import Session

    from judging.domain.permissions import Actor, Relation
    from judging.services.entries.similar.searching import Suggestion

_MOST_LETTERS = 1_000
_THOUSAND = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A pair as it is shown with the entry `one`; `decision` is None while nobody has looked at it."""

    pair: SimilarPair
    one: Entry
    other: Entry
    decision: SimilarDecision | None

    @property
    def reasons(self) -> list[str]:
        """By what the two look alike: file, picture, text, title."""
        return [reason for reason in self.pair.reasons.split(",") if reason]

    @property
    def pictures(self) -> list[tuple[str, str]]:
        """The files of pictures that look alike, that of `one` before that of `other`."""
        return [self._turned(first, second) for first, second, _ in self.pair.evidence["pictures"]]

    @property
    def files(self) -> list[tuple[str, str]]:
        """The files that are equal, that of `one` before that of `other`."""
        return [self._turned(first, second) for first, second in self.pair.evidence["files"]]

    def _turned(self, first: str, second: str) -> tuple[str, str]:
        return (first, second) if self.one.id == self.pair.first_id else (second, first)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFilter:
    """Which pairs a list shows: `settled` None for all; `reason` "" for any."""

    settled: bool | None = None
    reason: str = ""


def store_suggestions(session: Session, *, entry_id: str, suggestions: Sequence[Suggestion], now: datetime) -> None:
    """Write down what a search found, in place of what was known of the same pairs."""
    for one in suggestions:
        first, second = sorted((entry_id, one.entry_id))
        turned = first != entry_id
        session.execute(delete(SimilarPair).where(SimilarPair.first_id == first, SimilarPair.second_id == second))
        evidence = one.evidence
        files = [list(reversed(pair)) if turned else list(pair) for pair in evidence.files]
        pictures = [
            [*(reversed(pair) if turned else pair), distance] for pair, distance in evidence.pictures.items()
        ]  # fmt: skip
        session.add(
            SimilarPair(
                first_id=first, second_id=second, score=round(one.score * _THOUSAND),
                reasons=",".join(evidence.reasons), found_at=now,
                evidence={
                    "text": round(evidence.text * _THOUSAND), "usual": round(evidence.usual * _THOUSAND),
                    "order": round(evidence.order * _THOUSAND) if evidence.by_order else 0,
                    "order_usual": round(evidence.order_usual * _THOUSAND),
                    "title": round(evidence.title * _THOUSAND), "pictures": pictures, "files": files,
                },
            )
        )  # fmt: skip
    session.flush()


def similar_to(session: Session, *, entry: Entry, actor: Actor) -> list[Found]:
    """At most three entries that look like this one, the likest first, with the decisions on them."""
    query = _pairs(actor).where(_names(SimilarPair, entry.id)).limit(MOST_SHOWN)
    return [_found(row, one_id=entry.id) for row in session.execute(query)]


def list_pairs(
    session: Session, *, contest: Contest, actor: Actor, chosen: PairFilter, offset: int = 0, limit: int | None = None
) -> list[Found]:
    """The pairs with an entry of the contest; that entry is `one`. The likest first."""
    query = _chosen(_pairs(actor), contest, chosen).offset(offset).limit(limit)
    return [_found(row, contest_id=contest.id) for row in session.execute(query)]


def count_pairs(session: Session, *, contest: Contest, actor: Actor, chosen: PairFilter) -> int:
    """How many such pairs there are."""
    query = _chosen(_pairs(actor), contest, chosen).order_by(None).options()
    return session.scalar(select(func.count()).select_from(query.with_only_columns(SimilarPair.id).subquery())) or 0


def settle_pair(
    session: Session, *, entry: Entry, other_id: str, is_same: bool, note: str, actor: Actor, relation: Relation,
    now: datetime,
) -> SimilarDecision:  # fmt: skip
    """Record that somebody looked at the pair. A later word takes the place of an earlier one.

    Raises NotAllowed; NotFound for two entries that were not found to look alike; Refused without a note where the two
    are the same work.
    """
    if not can_settle_similar(actor, relation):
        raise NotAllowed(N_("Only the secretary and the organiser may do this, and not for their own entry."))
    found = next((one for one in similar_to(session, entry=entry, actor=actor) if one.other.id == other_id), None)
    if found is None:
        raise NotFound(N_("There is nothing here."))
    if is_same and not note.strip():
        raise Refused(
            [Problem(code="missing", where="note", message=N_("Write what follows from it, or which entry counts."))]
        )
    first, second = sorted((entry.id, other_id))
    session.execute(
        delete(SimilarDecision).where(SimilarDecision.first_id == first, SimilarDecision.second_id == second)
    )
    decision = SimilarDecision(
        first_id=first, second_id=second, is_same=is_same, note=note.strip()[:_MOST_LETTERS],
        by_id=str(actor.account_id), at=now,
    )  # fmt: skip
    session.add(decision)
    session.flush()
    # The note stays out of the log, which keeps what it holds: it goes when one of the entries is erased.
    details = {"verdict": "same" if is_same else "different", "other": found.other.alias}
    record_entry_event(
        session, entry=entry, action="similar-settled", actor_id=actor.account_id, now=now, details=details
    )
    return decision


_First, _Second = aliased(Entry), aliased(Entry)


def _pairs(actor: Actor) -> Select[SimilarPair, Entry, Entry, SimilarDecision]:
    """All pairs that the actor may know of: whoever judges in one of the two contests is told nothing."""
    judged = select(Judge.contest_id).where(Judge.account_id == actor.account_id, Judge.is_active)
    same = and_(
        SimilarDecision.first_id == SimilarPair.first_id, SimilarDecision.second_id == SimilarPair.second_id
    )  # fmt: skip
    return (
        select(SimilarPair, _First, _Second, SimilarDecision)
        .join(_First, _First.id == SimilarPair.first_id)
        .join(_Second, _Second.id == SimilarPair.second_id)
        .outerjoin(SimilarDecision, same)
        .where(_First.contest_id.not_in(judged), _Second.contest_id.not_in(judged))
        .options(
            joinedload(_First.contest), joinedload(_Second.contest), joinedload(SimilarDecision.by)
        )
        .order_by(SimilarPair.score.desc(), SimilarPair.id)
    )  # fmt: skip


def _chosen(
    query: Select[SimilarPair, Entry, Entry, SimilarDecision], contest: Contest, chosen: PairFilter
) -> Select[SimilarPair, Entry, Entry, SimilarDecision]:
    query = query.where(or_(_First.contest_id == contest.id, _Second.contest_id == contest.id))
    if chosen.settled is not None:
        query = query.where(SimilarDecision.id.is_not(None) if chosen.settled else SimilarDecision.id.is_(None))
    if chosen.reason:
        query = query.where(SimilarPair.reasons.contains(chosen.reason, autoescape=True))
    return query


def _names(table: type[SimilarPair], entry_id: str) -> ColumnElement[bool]:
    return or_(table.first_id == entry_id, table.second_id == entry_id)


def _found(row: Row[SimilarPair, Entry, Entry, SimilarDecision], *, one_id: str = "", contest_id: str = "") -> Found:
    pair, first, second, decision = row
    is_second = second.id == one_id or (first.contest_id != contest_id and not one_id)
    one, other = (second, first) if is_second else (first, second)
    return Found(pair=pair, one=one, other=other, decision=decision)
