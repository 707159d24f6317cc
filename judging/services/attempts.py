"""How often something may be tried, so that guessing is slow and nobody is flooded with letters.

Counted are the source (the client's address), the pair of source and account, and for some acts the account alone.
Tries from elsewhere never keep an account's owner from signing in. An address that nobody has counts like one that
somebody has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from judging.db.models import LoginFailure
from judging.domain.addresses import email_key
from judging.services.audit import record_event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Act(StrEnum):
    """What is counted: refused sign-ins and codes, and every request for a letter or a challenge."""

    SIGN_IN = "sign-in"
    LETTER = "letter"
    CODE = "code"
    SECOND_FACTOR = "second-factor"
    CHALLENGE = "challenge"
    PEOPLE_LETTER = "people-letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The most tries within the window. A school or a hall shares one source, so that limit is the widest."""

    window: timedelta
    by_source: int
    by_pair: int
    by_account: int | None = None


LIMITS = {
    Act.SIGN_IN: Limit(window=timedelta(minutes=15), by_source=100, by_pair=8),
    Act.LETTER: Limit(window=timedelta(hours=1), by_source=90, by_pair=6, by_account=20),
    Act.CODE: Limit(window=timedelta(minutes=15), by_source=100, by_pair=15),
    # Whoever comes this far knows the password already: here the account itself is counted, from wherever.
    Act.SECOND_FACTOR: Limit(window=timedelta(hours=1), by_source=60, by_pair=10, by_account=20),
    Act.CHALLENGE: Limit(window=timedelta(minutes=15), by_source=300, by_pair=300),
    # Links to co-authors, guardians, mentors and schools: the source is the account that asks.
    Act.PEOPLE_LETTER: Limit(window=timedelta(hours=1), by_source=120, by_pair=3, by_account=6),
}
_KEPT = timedelta(hours=2)


def may_attempt(session: Session, *, act: Act, email: str, source: str, now: datetime) -> bool:
    """Whether the act may be tried now."""
    limit = LIMITS[act]
    recent = select(func.count()).where(LoginFailure.act == act.value, LoginFailure.at > now - limit.window)
    from_here = LoginFailure.source == source[:64]
    this_account = LoginFailure.email_key == email_key(email)[:254]
    counts = session.execute(
        select(
            recent.where(from_here).scalar_subquery(),
            recent.where(from_here, this_account).scalar_subquery(),
            recent.where(this_account).scalar_subquery(),
        )
    ).one()
    by_account = limit.by_account is None or counts[2] < limit.by_account
    return bool(counts[0] < limit.by_source and counts[1] < limit.by_pair and by_account)


def record_attempt(session: Session, *, act: Act, email: str, source: str, now: datetime) -> None:
    """Count a try, and forget those that no longer matter."""
    session.execute(delete(LoginFailure).where(LoginFailure.at < now - _KEPT))
    session.add(LoginFailure(act=act.value, email_key=email_key(email)[:254], source=source[:64], at=now))
    if act is Act.SIGN_IN:
        record_event(session, action="sign-in-refused", subject="account", subject_id="", actor_id=None, now=now)


def wait_seconds(act: Act) -> int:
    """What `Retry-After` says when an act may not be tried."""
    return int(LIMITS[act].window.total_seconds())
