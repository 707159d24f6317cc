"""The nightly deletion: each class gone on its day, what is held stays, and a second run finds nothing to do.

Every step is a unit of work of its own, so that no other writer waits long, and each may be broken off and begun anew.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select

from judging.db.models import Account, Contest
from judging.domain.retention import Kept, is_over
from judging.services.audit import record_event
from judging.services.files.disposal import dispose_of, keys_of
from judging.services.privacy.erasure.owner import empty_account
from judging.services.privacy.erasure.rows import erase_letters
from judging.services.privacy.retention.due import clock_of, ended_contests, entries_with_files, idle_accounts
from judging.services.privacy.retention.holds import what_is_held
from judging.services.privacy.retention.logs import (
    delete_access_log,
    delete_audit_log,
    delete_consent_traces,
    empty_letters,
)
from judging.services.privacy.traces import forget_exports

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.domain.retention import Terms

_log = structlog.get_logger(__name__)
_FILES = (Kept.LOSER_FILES, Kept.WINNER_FILES)


def apply_retention(database: Database, *, now: datetime) -> Mapping[Kept, int]:
    """Delete whatever's time is over; returns how many of each class went, and logs it."""
    gone: Counter[Kept] = Counter(dict.fromkeys(Kept, 0))
    with database.reading() as session:
        contests = [contest.id for contest, _ in ended_contests(session)]
    for contest_id in contests:
        gone.update(database.run(_of_files(contest_id, now)))
    with database.reading() as session:
        idle = [account.id for account, _ in _over(session, now)]
    for account_id in idle:
        gone[Kept.IDLE_ACCOUNTS] += database.run(_of_account(account_id, now))
    gone[Kept.ACCESS_LOG] += database.run(lambda session: delete_access_log(session, now=now))
    gone[Kept.LETTERS] += database.run(lambda session: empty_letters(session, now=now))
    gone[Kept.CONSENT_PROOFS] += database.run(lambda session: delete_consent_traces(session, now=now))
    gone[Kept.AUDIT_LOG] += database.run(lambda session: delete_audit_log(session, now=now))
    _log.info("retention_applied", **{kept.value: count for kept, count in gone.items()})
    return dict(gone)


def _of_files(contest_id: str, now: datetime) -> Callable[[Session], Counter[Kept]]:
    def work(session: Session) -> Counter[Kept]:
        contest, terms = next(one for one in ended_contests(session) if one[0].id == contest_id)
        return _delete_files(session, contest, terms, now=now)

    return work


def _delete_files(session: Session, contest: Contest, terms: Terms, *, now: datetime) -> Counter[Kept]:
    gone: Counter[Kept] = Counter()
    since, held = clock_of(session, contest), what_is_held(session, now=now)
    for kept in _FILES:
        if since is None or not is_over(kept, since, now=now, terms=terms, zone=contest.zone):
            continue
        for entry in entries_with_files(session, contest, kept, held):
            dispose_of(session, keys_of(entry.files))
            gone[kept] += len(entry.files)
            entry.files.clear()
    session.flush()
    if gone:
        record_event(
            session, action="retention-applied", subject="contest", subject_id=contest.id, actor_id=None,
            contest_id=contest.id, now=now, details={kept.value: count for kept, count in gone.items()},
        )  # fmt: skip
    return gone


def _over(session: Session, now: datetime) -> list[tuple[Account, datetime]]:
    found = idle_accounts(session, what_is_held(session, now=now))
    return [(one, used) for one, used in found.items() if is_over(Kept.IDLE_ACCOUNTS, used, now=now)]


def _of_account(account_id: str, now: datetime) -> Callable[[Session], int]:
    def work(session: Session) -> int:
        account = session.scalar(select(Account).where(Account.id == account_id).with_for_update())
        # Its person may have come back since it was looked for.
        if account is None or account not in {one for one, _ in _over(session, now)}:
            return 0
        dispose_of(session, forget_exports(session, account_id=account.id))
        erase_letters(session, addresses=empty_account(session, account, now=now), title="")
        record_event(
            session, action="account-expired", subject="account", subject_id=account.id, actor_id=None, now=now
        )  # fmt: skip
        return 1

    return work
