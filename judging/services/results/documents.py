"""Papers for single entries: certificates and whatever else the rules of a kind name, filled in from the results.

Once results are published, a paper says what was published and nothing else: it is made of the publication, not
computed anew. Between the signing of the decision and the publication the office prints from the standings as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from judging.db.models import Entry, Prize
from judging.domain.lifecycle import RESULT_PUBLIC_PHASES, ContestPhase
from judging.domain.values import Score, Standing, TieDecision
from judging.errors import N_, Conflict, NotFound
from judging.services.contests.editions import rules_in_force
from judging.services.entries.status import results_are_public
from judging.services.results.prizes import living_publication
from judging.services.results.standings import all_standings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.rules import ContestRules, Document
    from judging.plugins import Registry

Places = Mapping[str, tuple[str, Standing]]
"""The last round that an entry was judged in, and its standing there, by alias."""

_PRINTED = frozenset({ContestPhase.DECIDED}) | RESULT_PUBLIC_PHASES


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One document for one entry. `prizes` are award keys; `values` is what the kind's own code added."""

    document: Document
    entry: Entry
    round: str
    standing: Standing
    prizes: tuple[str, ...]
    values: Mapping[str, object]


def may_print(contest: Contest) -> bool:
    """Whether the office may print papers: from the signing of the decision on."""
    return ContestPhase(contest.phase) in _PRINTED


def find_document(rules: ContestRules, key: str) -> Document:
    """The document of that key. Raises NotFound."""
    found = next((document for document in rules.documents if document.key == key), None)
    if found is None:
        raise NotFound(N_("There is nothing here."))
    return found


def documents_of_entry(session: Session, *, rules: ContestRules, entry: Entry) -> tuple[Document, ...]:
    """The documents that the entry's own people may open now; none before the results are public."""
    offered = [document for document in rules.documents if document.for_authors]
    if not offered or not results_are_public(entry.contest):
        return ()
    publication = living_publication(session, contest=entry.contest)
    if publication is None or not any(
        one["entry"] == entry.alias for held in publication.ranking["rounds"] for one in held["standings"]
    ):
        return ()
    prized = _prizes(session, entry.contest, [entry]).get(entry.id, ())
    return tuple(document for document in offered if prized or not document.prized)


def find_places(session: Session, *, registry: Registry, contest: Contest) -> Places:
    """Each judged entry's last round and standing: as published, or before that as the sheets stand.

    The marks of single judges are no part of it: `lowest` is empty. Raises Conflict before the decision is signed.
    """
    if not may_print(contest):
        raise Conflict(N_("Documents are printed once the decision is signed."))
    publication = living_publication(session, contest=contest)
    places: dict[str, tuple[str, Standing]] = {}
    if publication is not None:
        belongs = _belongs(session, contest)
        for held in publication.ranking["rounds"]:
            for plain in held["standings"]:
                if plain["entry"] in belongs:
                    places[plain["entry"]] = (held["key"], _published(plain, *belongs[plain["entry"]]))
        return places
    for key, standings in all_standings(session, registry=registry, contest=contest).items():
        places.update({one.entry: (key, replace(one, lowest={})) for one in standings})
    return places


def entries_with_paper(
    session: Session, *, registry: Registry, contest: Contest, document: Document
) -> Sequence[Entry]:
    """The entries that get this document, by number.

    Raises Conflict before the decision is signed, and ContestSuspended.
    """
    rules_in_force(registry, contest)
    places = find_places(session, registry=registry, contest=contest)
    query = select(Entry).where(Entry.contest_id == contest.id, Entry.alias.in_(places)).order_by(Entry.number)
    if document.prized:
        query = query.where(Entry.id.in_(select(Prize.entry_id).where(Prize.contest_id == contest.id)))
    return session.scalars(query).all()


def make_papers(
    session: Session, *, registry: Registry, contest: Contest, document: Document, entries: Sequence[Entry]
) -> list[Paper]:
    """The document for each of the entries.

    Raises NotFound for an entry that gets none, PluginError when the kind's own code fails, Conflict before the
    decision is signed, and ContestSuspended.
    """
    rules = rules_in_force(registry, contest)
    places = find_places(session, registry=registry, contest=contest)
    prizes = _prizes(session, contest, entries)
    _load_members(session, entries)
    papers = []
    for entry in entries:
        own = prizes.get(entry.id, ())
        if entry.alias not in places or (document.prized and not own):
            raise NotFound(N_("There is nothing here."))
        key, standing = places[entry.alias]
        values = registry.document_context(rules, document, standing)
        papers.append(
            Paper(document=document, entry=entry, round=key, standing=standing, prizes=own, values=values)
        )  # fmt: skip
    return papers


def _prizes(session: Session, contest: Contest, entries: Sequence[Entry]) -> dict[str, tuple[str, ...]]:
    query = (
        select(Prize.entry_id, Prize.level)
        .where(Prize.contest_id == contest.id, Prize.entry_id.in_([entry.id for entry in entries]))
        .order_by(Prize.id)
    )
    found: dict[str, tuple[str, ...]] = {}
    for entry_id, level in session.execute(query):
        found[entry_id] = (*found.get(entry_id, ()), level)
    return found


def _load_members(session: Session, entries: Sequence[Entry]) -> None:
    """Read the authors of all entries in one query, before the papers name them one by one."""
    query = select(Entry).where(Entry.id.in_([entry.id for entry in entries])).options(selectinload(Entry.members))
    session.scalars(query.execution_options(populate_existing=True)).all()


def _belongs(session: Session, contest: Contest) -> dict[str, tuple[str, str | None]]:
    query = select(Entry.alias, Entry.category, Entry.division).where(Entry.contest_id == contest.id)
    return {alias: (category, division) for alias, category, division in session.execute(query)}


def _published(plain: Mapping[str, Any], category: str, division: str | None) -> Standing:
    """A standing as the publication keeps it; its figures have six places."""
    return Standing(
        entry=plain["entry"],
        rank=plain["rank"],
        score=Score(value=_exact(plain["score"]), used=plain["sheets"], unused=plain["left_out"]),
        category=category,
        division=division,
        criteria={key: _exact(value) for key, value in plain["criteria"].items()},
        tie=tuple(
            TieDecision(
                key=one["key"], label=one["key"], own=_exact(one["own"]), other=_exact(one["other"]),
                other_entry=one["other_entry"],
            )
            for one in plain["tie"]
        ),
    )  # fmt: skip


def _exact(text: str) -> Fraction:
    return Fraction(Decimal(text))
