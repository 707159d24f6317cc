"""The end of a contest: votes on what nothing parts, prizes by the rules, and the publication that keeps them."""

from __future__ import annotations

import json

from judging.db.models import ChairVote, Prize, Publication
from judging.demo.edition import Edition
from judging.demo.tally import tally_all
from judging.demo.wording import said
from judging.domain.awards import AwardPlan, grant_awards
from judging.domain.entry_states import EntryState
from judging.domain.roles import Role
from judging.domain.rules import Round

_JUDGED = (EntryState.IN_ROUND, EntryState.ADVANCED, EntryState.ELIMINATED)
_MOST_VOTES = 20


def publish(edition: Edition) -> None:
    """Settle the prizes and publish. A tie at a level's last place is parted by a recorded vote first."""
    plan = _settle(edition)
    entries, at = edition.by_alias(), edition.calendar.deliberated
    organiser, rows = edition.world.office.id_of(Role.ORGANISER), edition.world.rows
    for grant in plan.grants:
        entry = entries[grant.entry]
        prize = Prize(
            contest_id=edition.contest.id, entry_id=entry.id, level=grant.level, board=grant.board, reason="",
            by_id=organiser, at=at,
        )  # fmt: skip
        prize.entry = entry
        edition.prizes.append(rows.add(prize))
    rows.event(
        at, "prizes-settled", "contest", edition.contest.id, actor_id=organiser, contest_id=edition.contest.id,
        prizes=len(plan.grants),
    )  # fmt: skip
    _keep(edition, organiser)
    _tell_entries(edition)


def _settle(edition: Edition) -> AwardPlan:
    last = edition.rules.rounds[-1]
    for _ in range(_MOST_VOTES):
        standings = tally_all(edition).standings
        by_round = {key: {one.entry: one for one in places} for key, places in standings.items()}
        plan = grant_awards(edition.rules, standings[last.key], by_round=by_round)
        tied = [problem for problem in plan.unresolved if problem.code == "tie-at-level"]
        if not tied:
            return plan
        _vote(edition, last, str(tied[0].params["entries"]).split(", "))
    raise AssertionError("a vote parts the entries that it names")


def _vote(edition: Edition, judged: Round, aliases: list[str]) -> None:
    entries, at = edition.by_alias(), edition.calendar.rounds[-1][1]
    organiser, reason = edition.world.office.id_of(Role.ORGANISER), said("chair_vote")
    for number, alias in enumerate(reversed(aliases), start=1):
        vote = ChairVote(
            contest_id=edition.contest.id, round=judged.key, entry_id=entries[alias].id, number=number, reason=reason,
            by_id=organiser, at=at,
        )  # fmt: skip
        edition.votes.setdefault(judged.key, []).append(edition.world.rows.add(vote))
    edition.world.rows.event(
        at, "chair-voted", "round", judged.key, actor_id=organiser, contest_id=edition.contest.id, order=aliases,
        reason=reason,
    )  # fmt: skip


def _keep(edition: Edition, organiser: str) -> None:
    counted = tally_all(edition)
    at = edition.calendar.published
    publication = edition.world.rows.add(
        Publication(
            contest_id=edition.contest.id,
            ranking=json.loads(counted.ranking),
            sha256=counted.sha256,
            by_id=organiser,
            at=at,
            withdrawn_at=None,
            withdrawn_reason="",
        )
    )
    edition.world.rows.event(
        at, "results-published", "publication", publication.id, actor_id=organiser, contest_id=edition.contest.id,
        sha256=publication.sha256, decision=edition.contest.decision, prizes=len(edition.prizes),
    )  # fmt: skip


def _tell_entries(edition: Edition) -> None:
    winners = {prize.entry_id for prize in edition.prizes}
    for entry in edition.entries:
        if entry.state in _JUDGED:
            entry.state = (EntryState.AWARDED if entry.id in winners else EntryState.NOT_AWARDED).value
            entry.changed_at = edition.calendar.published
