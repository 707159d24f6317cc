"""Writes down who opened data of children, once the answer is made: nobody's page waits for it.

An opening is noted after a good answer of an address below, and stored at the request's end in a unit of work of its
own with one statement. Authors who open their own entry are not noted.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import Flask, g, request

from judging.errors import JudgingError
from judging.services.contests.editions import contest_rules
from judging.services.privacy.child_reads import DOSSIER, FILE, LIST, Opened, record_reads
from judging.web.context import now, platform

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

log = logging.getLogger(__name__)

_GOOD = range(200, 300)
_READS: Mapping[str, str] = {
    "organiser.entry": DOSSIER,
    "organiser.desk": DOSSIER,
    "organiser.consents": DOSSIER,
    "entrant.paper_consents": DOSSIER,
    "judge.sheet": DOSSIER,
    "entrant.file": FILE,
    "api.get_entry": DOSSIER,
    "api.get_entry_people": DOSSIER,
    "api.get_file": FILE,
    "organiser.entries_csv": LIST,
}
"""What each address opens, by its endpoint."""


def install(app: Flask) -> None:
    """Note and store openings."""
    app.after_request(_note)
    # Teardowns run in reverse: by then the request's own unit of work, installed later, has ended.
    app.teardown_request(_store)


def _note(answer: Response) -> Response:
    what = _READS.get(request.endpoint or "")
    if what is None or answer.status_code not in _GOOD or request.method != "GET":
        return answer
    account, contest, entry = g.get("account"), g.get("contest"), g.get("entry")
    if entry is None and (assignment := g.get("assignment") or g.get("repeat")) is not None:
        entry = assignment.entry
    own = entry is not None and account is not None and entry.owner_id == account.id
    if account is None or contest is None or own or not contest_rules(platform().registry, contest).children:
        return answer
    g.opened = Opened(
        account_id=account.id, contest_id=contest.id, what=what, entry_id=None if entry is None else entry.id,
        file_id=(request.view_args or {}).get("file_id"),
    )  # fmt: skip
    g.opened_in, g.opened_at = platform().database, now()
    return answer


def _store(_error: BaseException | None) -> None:
    opened: Opened | None = g.pop("opened", None)
    if opened is None:
        return
    try:
        with g.pop("opened_in").writing() as session:
            record_reads(session, [opened], now=g.pop("opened_at"))
    except JudgingError:
        # The answer is made. Who opened what must not be lost in silence.
        log.exception("who opened what could not be noted: %s", opened)
