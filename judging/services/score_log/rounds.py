"""Rounds that end or are opened again, and the closing of the log: what the services of rounds and results record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.services.results.tallies import count_tally, stored_tally
from judging.services.score_log.bodies import person_alias
from judging.services.score_log.closing import add_reopening, add_round_event, close_log
from judging.services.score_log.opening import hold_log

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest, Prize
    from judging.domain.ledger.recount import Recount
    from judging.plugins import Registry


def record_round(
    session: Session, *, registry: Registry, contest: Contest, round_key: str, event: str, now: datetime
) -> None:
    """A round that was closed or advanced, with the ranking as it stands. Raises RecordDiffers."""
    log = hold_log(session, contest, now=now)
    counted = count_tally(registry, contest, stored_tally(session, registry=registry, contest=contest))
    add_round_event(
        session, log, contest=contest, registry=registry, round_key=round_key, event=event, counted=counted, now=now
    )


def record_reopening(session: Session, *, contest: Contest, reason: str, round_key: str | None, now: datetime) -> None:
    """A closed round that is opened again, or with None a publication that was withdrawn."""
    add_reopening(session, hold_log(session, contest, now=now), reason=reason, round_key=round_key, now=now)


def record_closing(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    prizes: Sequence[Prize],
    approved_by: str | None,
    now: datetime,
) -> Recount:
    """The end of what counts, with the prizes; the ranking that is published. Raises RecordDiffers."""
    log = hold_log(session, contest, now=now)
    counted = count_tally(registry, contest, stored_tally(session, registry=registry, contest=contest, prizes=prizes))
    return close_log(
        session, log, contest=contest, registry=registry, prizes=prizes,
        approved_by=person_alias(contest, approved_by), counted=counted, now=now,
    )  # fmt: skip
