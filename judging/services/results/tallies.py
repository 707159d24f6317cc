"""All that a ranking follows from, as the database holds it: the values that the log holds too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.domain.ledger.faults import NotRecountable
from judging.domain.ledger.recount import Recount, recount
from judging.domain.ledger.tally import Tally
from judging.domain.values import Grant
from judging.errors import N_, ContestSuspended
from judging.services.contests.editions import contest_rules
from judging.services.results.standings import chair_votes, entries_in_play, load_ballots
from judging.services.rounds.states import list_rounds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Contest, Prize
    from judging.plugins import Registry


def stored_tally(session: Session, *, registry: Registry, contest: Contest, prizes: Sequence[Prize] = ()) -> Tally:
    """What counts now in the database; `prizes` are those to be published with it."""
    rules = contest_rules(registry, contest)
    return Tally(
        contest=contest.slug,
        ballots={judged.key: load_ballots(session, contest=contest, round_key=judged.key) for judged in rules.rounds},
        entries=entries_in_play(session, contest),
        votes=chair_votes(session, contest),
        advanced={row.key: tuple(row.advanced) for row in list_rounds(session, contest=contest) if row.advanced},
        prizes=[Grant(entry=one.entry.alias, level=one.level, board=one.board) for one in prizes],
    )


def count_tally(registry: Registry, contest: Contest, tally: Tally) -> Recount:
    """The ranking that follows from a tally by the contest's rules. Raises ContestSuspended for strategies gone."""
    rules = contest_rules(registry, contest)
    try:
        return recount(rules, tally, aggregators=registry.aggregators, tie_breakers=registry.tie_breakers)
    except NotRecountable as error:
        raise ContestSuspended(
            N_("The way of combining sheets is not installed, so there are no standings: %(reason)s"), reason=error
        ) from error
