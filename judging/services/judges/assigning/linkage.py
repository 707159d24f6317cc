"""Whether the judges of a round can be compared, by the sheets that are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import Assignment, Entry, Judge
from judging.domain.comparison import Parts, comparison_groups, judge_parts, unlinked
from judging.domain.lifecycle import SheetState
from judging.services.rounds.entries import OUT_OF_PLAY, judged_round, locked_entry_ids

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.rules import ContestRules


def judges_apart(session: Session, *, contest: Contest, rules: ContestRules, round_key: str) -> dict[str, Parts]:
    """The boards of the round on which scores of judges compete whom no common entry joins, with the parts of these.

    Counted are submitted sheets of locked entries, as in the standings; one query. Raises NotFound.
    """
    judged = judged_round(rules, round_key)
    query = (
        select(Judge.alias, Entry.alias, Entry.category, Entry.division)
        .select_from(Assignment)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(
            Assignment.contest_id == contest.id,
            Assignment.round == round_key,
            Assignment.state == SheetState.SUBMITTED,
            Entry.state.not_in(OUT_OF_PLAY),
            Assignment.entry_id.in_(locked_entry_ids(contest, round_key)),
        )
    )
    rows = session.execute(query).all()
    groups = comparison_groups(rules, judged, ((entry, category, division) for _, entry, category, division in rows))
    return unlinked(judge_parts(((judge, entry) for judge, entry, _, _ in rows), groups))
