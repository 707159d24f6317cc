"""A later date for one returned dossier, by a decision that its authors are told of."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from judging.domain.lifecycle import ContestPhase, EntryState
from judging.domain.message_kinds import RETURN_EXTENDED, find_kind
from judging.domain.return_dates import check_later_date
from judging.errors import N_, Conflict, Refused
from judging.services.contests.deadlines import return_term
from judging.services.entries.record import record_entry_event
from judging.services.letters import send_letter
from judging.services.messages.texts import contest_title
from judging.services.rounds.entries import entry_code
from judging.services.screening.deciding import check_screener

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest, Entry, ReturnTerm
    from judging.domain.permissions import Actor
    from judging.domain.rules import ContestRules

RETURNS_TAKEN = frozenset({ContestPhase.OPEN, ContestPhase.CLOSED, ContestPhase.SCREENING})
"""The phases in which a returned dossier may come back."""


def extend_return(
    session: Session,
    *,
    contest: Contest,
    rules: ContestRules,
    entry: Entry,
    until: datetime | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> ReturnTerm:
    """Let a returned dossier be completed until a later date, also when its date has passed. Its owner is told.

    Raises NotAllowed, Conflict when the entry is not with its authors or has no date, and Refused naming `until` or
    `reason`.
    """
    session.refresh(entry, ["state", "version"], with_for_update=True)
    check_screener(session, actor=actor, contest=contest, entry=entry)
    term = return_term(session, entry)
    if EntryState(entry.state) is not EntryState.RETURNED or ContestPhase(contest.phase) not in RETURNS_TAKEN:
        raise Conflict(N_("Only a dossier that is with its authors gets a later date, and only until judging begins."))
    if term is None:
        raise Conflict(N_("No date was set: this dossier may come back as long as screening lasts."))
    session.refresh(term)
    problems = check_later_date(present=term.until, until=until, reason=reason, now=now)
    if problems or until is None:
        raise Refused(problems)
    before, term.until = term.until, until
    session.flush()
    record_entry_event(
        session, entry=entry, action="entry-return-extended", actor_id=actor.account_id, now=now,
        details={"from": before.isoformat(), "until": until.isoformat(), "reason": reason.strip()},
    )  # fmt: skip
    _tell_owner(session, contest, rules, entry, term, reason=reason.strip(), now=now)
    return term


def date_text(contest: Contest, at: datetime) -> str:
    """The date as letters tell it, by the contest's clock."""
    return f"{at.astimezone(ZoneInfo(contest.zone)):%H:%M, %d/%m/%Y (UTC%z)}"


def _tell_owner(
    session: Session, contest: Contest, rules: ContestRules, entry: Entry, term: ReturnTerm, *, reason: str,
    now: datetime,
) -> None:  # fmt: skip
    kind, owner = find_kind(RETURN_EXTENDED), entry.owner
    send_letter(
        session, to=owner, subject=kind.subject, text=kind.text, about=entry, kind=kind.key, now=now,
        key=f"{term.screening_id}:{term.until.isoformat()}",
        params={
            "name": owner.name, "title": entry.title, "code": entry_code(rules, entry.number), "reason": reason,
            "contest": contest_title(contest, owner.locale), "deadline": date_text(contest, term.until),
        },
    )  # fmt: skip
