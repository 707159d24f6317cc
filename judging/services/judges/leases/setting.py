"""What the office says of a round without a timetable: for how long a booth is kept, and where the booths are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import Booth, LeaseRound
from judging.db.queries.leases import known_booths, lease_round
from judging.domain.leases import LONGEST_PLACE, minutes_problems
from judging.domain.values import Problem
from judging.errors import N_, Refused
from judging.services.audit import record_event
from judging.services.judges.live.arranging import check_may_arrange
from judging.services.judges.repeats.giving import hides_entries

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.permissions import Actor


def lease_minutes(session: Session, *, contest: Contest, round_key: str) -> int:
    """For how many minutes a judge has a booth in the round; 0 where nobody is led from booth to booth."""
    row = lease_round(session, contest_id=contest.id, round_key=round_key)
    return row.minutes if row is not None else 0


def set_lease_minutes(
    session: Session, *, contest: Contest, round_key: str, minutes: int, actor: Actor, now: datetime
) -> None:
    """Say for how long a booth is kept; 0 ends it, and whoever has a booth keeps it until its time is over.

    Raises NotAllowed, and Refused for a number out of bounds.
    """
    check_may_arrange(actor, contest)
    if problems := minutes_problems(minutes):
        raise Refused(problems)
    if minutes and hides_entries(session, contest=contest, round_key=round_key):
        message = N_("Judges of this round are shown entries twice, under codes: a booth would tell which they are.")
        raise Refused([Problem(code="repeats", where="minutes", message=message)])
    row = lease_round(session, contest_id=contest.id, round_key=round_key, lock=True)
    if row is None:
        row = LeaseRound(contest_id=contest.id, round=round_key, minutes=0)
        session.add(row)
    if row.minutes == minutes:
        return
    row.minutes = minutes
    record_event(
        session, action="leases-set", subject="round", subject_id=round_key, actor_id=actor.account_id,
        contest_id=contest.id, details={"minutes": minutes}, now=now,
    )  # fmt: skip
    session.flush()


def name_booths(
    session: Session, *, contest: Contest, round_key: str, names: Mapping[str, str], actor: Actor, now: datetime
) -> int:
    """Say where entries (by id) stand in the round; an empty name takes it back. Returns how many changed.

    Raises NotAllowed, and Refused for a name that is too long or an entry that is not in the round.
    """
    check_may_arrange(actor, contest)
    tidy = {entry_id: " ".join(name.split()) for entry_id, name in names.items()}
    if set(tidy) - known_booths(session, contest_id=contest.id, round_key=round_key, entry_ids=tidy):
        message = N_("An entry left the round in the meantime. Reload the page.")
        raise Refused([Problem(code="gone", where="booths", message=message)])
    if any(len(name) > LONGEST_PLACE for name in tidy.values()):
        message = N_("The name of a booth has at most %(most)s characters.")
        raise Refused([Problem(code="too-long", where="booths", message=message, params={"most": LONGEST_PLACE})])
    query = select(Booth).where(Booth.entry_id.in_(tidy), Booth.round == round_key)
    present = {row.entry_id: row for row in session.scalars(query)}
    changed = sum(_keep(session, round_key, one, name, present.get(one)) for one, name in tidy.items())
    if changed:
        record_event(
            session, action="booths-named", subject="round", subject_id=round_key, actor_id=actor.account_id,
            contest_id=contest.id, details={"entries": changed}, now=now,
        )  # fmt: skip
    session.flush()
    return changed


def _keep(session: Session, round_key: str, entry_id: str, name: str, row: Booth | None) -> bool:
    if name == (row.name if row is not None else ""):
        return False
    if row is None:
        session.add(Booth(entry_id=entry_id, round=round_key, name=name))
    elif name:
        row.name = name
    else:
        session.delete(row)
    return True
