"""Carrying a queued letter away, and writing down what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.db.jobs import MAX_ATTEMPTS
from judging.db.models import SentMessage
from judging.domain.lifecycle import EntryState
from judging.domain.message_kinds import REMINDER, RETURN_REMINDER, SILENT_JUDGE
from judging.mail import MessageError
from judging.services.letters import deliver_letter
from judging.services.messages.log import DROPPED, FAILED, QUEUED, SENT, note_attempt
from judging.services.messages.silent_judges import is_needless

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from typing import Any

    from judging.db.session import Database
    from judging.mail import Transport
    from judging.settings import Settings

_LONGEST_ANSWER = 1000


# A reminder is for an entry that still stands so.
_ONLY_IN = {REMINDER: EntryState.DRAFT, RETURN_REMINDER: EntryState.RETURNED}


def carry_letter(
    database: Database,
    *,
    letter_id: str,
    payload: Mapping[str, Any],
    attempt: int,
    transport: Transport,
    settings: Settings,
    clock: Callable[[], datetime],
) -> None:
    """Send a letter unless it left before or is no longer needed: the handler of LETTER_JOB.

    A logged letter that the transport refuses for good is given up at once and stays to be sent again; whatever else
    goes wrong is raised, for another attempt. A worker that dies between the server's answer and ours makes the next
    one send it again, with the same Message-ID.
    """
    if "logged" not in payload:
        deliver_letter(payload, transport=transport, settings=settings, key=letter_id)
        return
    state, said = _before(database, letter_id), ""
    if state != QUEUED:
        if state == DROPPED:
            _note(database, letter_id, DROPPED, attempt=attempt - 1, now=clock())
        return
    try:
        deliver_letter(payload, transport=transport, settings=settings, key=letter_id)
    except MessageError as error:
        state, said = FAILED, _told(error)
    except Exception as error:
        last = attempt >= MAX_ATTEMPTS
        _note(database, letter_id, FAILED if last else QUEUED, attempt=attempt, now=clock(), said=_told(error))
        raise
    else:
        state = SENT
    _note(database, letter_id, state, attempt=attempt, now=clock(), said=said)


def _before(database: Database, letter_id: str) -> str | None:
    """Where the letter stands; DROPPED for a reminder that was overtaken.

    That is one of an entry that was handed in or decided on meanwhile, and one to a judge who has stirred.
    """
    with database.reading() as session:
        found = session.get(SentMessage, letter_id)
        if found is None:
            return None
        state = _ONLY_IN.get(found.kind)
        gone = state is not None and found.entry is not None and found.entry.state != state
        if found.kind == SILENT_JUDGE and found.state == QUEUED:
            gone = is_needless(session, found)
        return DROPPED if gone and found.state == QUEUED else found.state


def _note(database: Database, letter_id: str, state: str, *, attempt: int, now: datetime, said: str = "") -> None:
    database.run(
        lambda session: note_attempt(session, message_id=letter_id, state=state, attempt=attempt, answer=said, now=now)
    )


def _told(error: Exception) -> str:
    """What the transport said, the mail server's own words included."""
    cause = error.__cause__
    return (f"{error} ({cause})" if cause is not None else str(error))[:_LONGEST_ANSWER]
