"""How long a contest keeps files: the usual terms, or those that its office has set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.db.models import RetentionTerms
from judging.domain.privacy_rights import can_set_retention
from judging.domain.retention import Terms, check_terms
from judging.errors import N_, NotAllowed, Refused
from judging.services.audit import record_event

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.permissions import Actor


def terms_of(session: Session, contest: Contest) -> Terms:
    """The terms in force for the contest."""
    row = session.get(RetentionTerms, contest.id)
    return Terms() if row is None else read_terms(row)


def read_terms(row: RetentionTerms) -> Terms:
    """A stored row as a value."""
    return Terms(
        loser_months=row.loser_months, winner_months=row.winner_months, archive_years=row.archive_years
    )  # fmt: skip


def set_terms(session: Session, *, contest: Contest, actor: Actor, terms: Terms, now: datetime) -> None:
    """Set how long the contest keeps files. Raises NotAllowed, and Refused naming what the law does not let."""
    if not can_set_retention(actor):
        raise NotAllowed(N_("The organiser and the administrator say how long files are kept."))
    if problems := check_terms(terms):
        raise Refused(problems)
    row = session.get(RetentionTerms, contest.id)
    if row is None:
        row = RetentionTerms(contest_id=contest.id)
        session.add(row)
    row.loser_months, row.winner_months = terms.loser_months, terms.winner_months
    row.archive_years, row.changed_at, row.by_id = terms.archive_years, now, str(actor.account_id)
    session.flush()
    record_event(
        session, action="retention-changed", subject="contest", subject_id=contest.id, actor_id=actor.account_id,
        contest_id=contest.id, now=now,
        details={
            "loser_months": terms.loser_months, "winner_months": terms.winner_months,
            "archive_years": terms.archive_years,
        },
    )  # fmt: skip
