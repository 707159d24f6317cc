"""Standings from what the judges submitted: always computed, never stored, until a publication keeps them."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import Assignment, ChairVote, Entry, Judge, SheetOverride, SheetVersion
from judging.db.queries.counting import APPROVED_OVERRIDE, NEWEST_VERSION
from judging.db.queries.judge import judge_in
from judging.db.queries.panel import entries_of_headed_panels
from judging.domain.lifecycle import ContestPhase, SheetState
from judging.domain.permissions import can_see_panel_standings, can_see_standings
from judging.domain.standings import compute_standings, resolve_tie_breakers
from judging.domain.values import Ballot, Score, Standing
from judging.errors import N_, ContestSuspended, NotAllowed
from judging.services.contests.editions import contest_rules
from judging.services.rounds.entries import OUT_OF_PLAY, judged_round, locked_entry_ids

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from fractions import Fraction

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.permissions import Actor
    from judging.domain.rules import ContestRules, Round
    from judging.domain.strategies import Aggregator
    from judging.plugins import Registry

# A round has thousands of marks and few different ones.
_number = lru_cache(maxsize=4096)(Decimal)

# Rows that are let go soon cost the collector of garbage little; tens of thousands at once cost it as much as reading.
_AT_A_TIME = 500

Belongs = dict[str, tuple[str, str | None]]
Votes = dict[str, dict[str, int]]


def load_ballots(
    session: Session,
    *,
    contest: Contest,
    round_key: str,
    only_locked: bool = False,
    among: Select[str] | None = None,
) -> list[Ballot]:
    """The newest version of every submitted sheet of the round, in one query; one reopened or erased counts as missing.

    A decision of two people over a sheet counts in place of its marks, or leaves it out. `only_locked` leaves out the
    entries whose marks nobody may see yet; `among` selects ids of entries, and others are left out too.
    """
    query = (
        select(
            Judge.alias,
            Entry.alias,
            SheetVersion.marks,
            SheetVersion.consensus,
            SheetOverride.exclude,
            SheetOverride.marks,
        )
        .join(Assignment, Assignment.judge_id == Judge.id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(SheetVersion, NEWEST_VERSION)
        .outerjoin(SheetOverride, APPROVED_OVERRIDE)
        .where(
            Assignment.contest_id == contest.id,
            Assignment.round == round_key,
            Assignment.state == SheetState.SUBMITTED,
            SheetVersion.total != "",
        )
        .order_by(Entry.alias, Judge.alias)
    )
    if only_locked:
        query = query.where(Assignment.entry_id.in_(locked_entry_ids(contest, round_key)))
    if among is not None:
        query = query.where(Assignment.entry_id.in_(among))
    return [
        Ballot(
            judge=judge,
            entry=entry,
            marks={key: _number(mark) for key, mark in (overridden or marks).items()},
            consensus=consensus,
        )
        for judge, entry, marks, consensus, excluded, overridden in session.execute(
            query.execution_options(yield_per=_AT_A_TIME)
        )
        if not excluded
    ]


def round_standings(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    round_key: str,
    only_locked: bool = False,
    among: Collection[str] | None = None,
) -> tuple[Standing, ...]:
    """The standings of one round, first place first. Raises NotFound for a round that the rules do not have."""
    judged_round(contest_rules(registry, contest), round_key)
    found = all_standings(
        session, registry=registry, contest=contest, only=round_key, only_locked=only_locked, among=among
    )
    return found[round_key]


def readable_standings(
    session: Session, *, registry: Registry, contest: Contest, round_key: str, actor: Actor
) -> tuple[Standing, ...]:
    """The standings of one round that the actor may read now, of locked entries only.

    Until results are public a panel's chair gets the entries of the panels that they head. Raises NotAllowed, and
    NotFound for a round that the rules do not have.
    """
    phase = ContestPhase(contest.phase)
    among = None
    if not can_see_standings(actor, phase=phase):
        if not can_see_panel_standings(actor, phase=phase) or actor.account_id is None:
            raise NotAllowed(
                N_("You judge in this contest: the standings stay closed to you until they are published.")
            )
        chair = judge_in(session, contest_id=contest.id, account_id=actor.account_id)
        among = frozenset() if chair is None else entries_of_headed_panels(session, chair=chair)
    # Marks of an entry that still waits for sheets are nobody's business yet.
    return round_standings(
        session, registry=registry, contest=contest, round_key=round_key, only_locked=True, among=among
    )


def all_standings(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    only: str | None = None,
    only_locked: bool = False,
    among: Collection[str] | None = None,
) -> dict[str, tuple[Standing, ...]]:
    """The standings of each round, or of round `only`, by round key, in the order of the rules.

    Entries that are not `among` these aliases are left out: the others have the scores that the whole round gives
    them, and ranks and ties among each other. The number of queries does not depend on the number of entries. Raises
    ContestSuspended when the rules name a way of combining sheets that nobody offers.
    """
    rules = contest_rules(registry, contest)
    ballots = {
        judged.key: load_ballots(session, contest=contest, round_key=judged.key, only_locked=only_locked)
        for judged in rules.rounds
    }
    belongs = entries_in_play(session, contest)
    votes = chair_votes(session, contest)
    scores = _scores(rules, registry, ballots, belongs)
    if among is not None:
        belongs = {entry: place for entry, place in belongs.items() if entry in among}
        scores = {key: {entry: one for entry, one in held.items() if entry in among} for key, held in scores.items()}
    return {
        judged.key: _standings(
            rules, registry, judged, ballots[judged.key], belongs=belongs, scores=scores, votes=votes
        )
        for judged in rules.rounds
        if only in (None, judged.key)
    }


def find_aggregator(registry: Registry, judged: Round) -> Aggregator:
    """The round's way of combining sheets. Raises ContestSuspended when nobody offers it."""
    found = registry.aggregators.get(judged.aggregator)
    if found is None:
        raise ContestSuspended(
            N_("The way of combining sheets “%(key)s” is not installed, so there are no standings."),
            key=judged.aggregator,
        )
    return found


def _standings(
    rules: ContestRules,
    registry: Registry,
    judged: Round,
    ballots: Sequence[Ballot],
    *,
    belongs: Belongs,
    scores: Mapping[str, Mapping[str, Score]],
    votes: Votes,
) -> tuple[Standing, ...]:
    keys = [one.key for one in rules.rounds]
    place = keys.index(judged.key)
    return compute_standings(
        judged,
        ballots,
        aggregator=find_aggregator(registry, judged),
        tie_breakers=resolve_tie_breakers(rules, judged, registry.tie_breakers),
        entries=belongs,
        earlier=[_values(scores[key]) for key in reversed(keys[:place])],
        later=[_values(scores[key]) for key in keys[place + 1 :]],
        votes=votes.get(judged.key),
        scores=scores[judged.key],
    )


def _scores(
    rules: ContestRules, registry: Registry, ballots: Mapping[str, Sequence[Ballot]], belongs: Belongs
) -> dict[str, Mapping[str, Score]]:
    """What the aggregators make of each round, asked once: a round's scores also part ties of its neighbours."""
    combined: dict[str, Mapping[str, Score]] = {}
    for judged in rules.rounds:
        known = [ballot for ballot in ballots[judged.key] if ballot.entry in belongs]
        combined[judged.key] = find_aggregator(registry, judged).combine(judged, known) if known else {}
    return combined


def _values(scores: Mapping[str, Score]) -> dict[str, Fraction]:
    return {entry: score.value for entry, score in scores.items()}


def entries_in_play(session: Session, contest: Contest) -> Belongs:
    """Category and division of every entry that takes part, by alias."""
    query = select(Entry.alias, Entry.category, Entry.division).where(
        Entry.contest_id == contest.id, Entry.state.not_in(OUT_OF_PLAY)
    )
    return {alias: (category, division) for alias, category, division in session.execute(query)}


def chair_votes(session: Session, contest: Contest) -> Votes:
    """The chair's votes by round and entry: a higher number stands before a lower one."""
    query = (
        select(ChairVote.round, Entry.alias, ChairVote.number)
        .join(Entry, Entry.id == ChairVote.entry_id)
        .where(ChairVote.contest_id == contest.id)
    )
    votes: Votes = {}
    for round_key, alias, number in session.execute(query):
        votes.setdefault(round_key, {})[alias] = number
    return votes
