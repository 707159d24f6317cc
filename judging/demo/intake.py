"""Handing in and screening: receipts, decisions of the secretariat, and their record."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from judging.db.models import Entry, Screening
from judging.demo.edition import Edition
from judging.demo.entries import Fate, Made
from judging.demo.wording import said, said_one_of
from judging.domain.entry_states import EntryState
from judging.domain.roles import Role
from judging.services.entries.receipts import make_receipt
from judging.services.screening.deciding import Verdict

_STATES = {
    Fate.DRAFT: EntryState.DRAFT,
    Fate.SUBMITTED: EntryState.SUBMITTED,
    Fate.WITHDRAWN: EntryState.WITHDRAWN,
    Fate.RETURNED: EntryState.RETURNED,
    Fate.REJECTED: EntryState.INELIGIBLE,
}


def take_in(edition: Edition, made: list[Made]) -> None:
    """Give receipts, screen the entries as their fates say, and keep the record of both."""
    for one in made:
        entry = one.entry
        _record(edition, entry, entry.created_at, "entry-begun")
        for number, file in enumerate(entry.files):
            at = file.uploaded_at + timedelta(seconds=number)
            _record(edition, entry, at, "file-attached", item=file.item)
        if entry.submitted_at is not None:
            _hand_in(edition, entry, entry.submitted_at, late=one.fate is Fate.LATE)
            _decide(edition, one, entry.submitted_at)
        entry.state = _STATES.get(one.fate, EntryState.ELIGIBLE).value


def _decide(edition: Edition, one: Made, submitted: datetime) -> None:
    entry, fate, draw = one.entry, one.fate, edition.world.draw
    first = max(submitted, edition.calendar.closes) if fate not in (Fate.RETURNED, Fate.WITHDRAWN) else submitted
    last = max(first, edition.calendar.screened)
    middle = first + (last - first) / 2
    if fate is Fate.WITHDRAWN:
        entry.changed_at = submitted + timedelta(hours=30)
        _record(edition, entry, entry.changed_at, "entry-withdrawn", **{"from": "submitted"})
    elif fate is Fate.RETURNED:
        _screen(edition, entry, Verdict.RETURNED, submitted + timedelta(days=2), said_one_of(draw, "returned"))
    elif fate is Fate.REJECTED:
        _screen(edition, entry, Verdict.REJECTED, draw.moment(first, last), said_one_of(draw, "rejected"))
    elif fate is Fate.MENDED:
        at = draw.moment(first, middle)
        _screen(edition, entry, Verdict.RETURNED, at, said_one_of(draw, "returned"))
        again = at + timedelta(hours=draw.random.randint(3, 60))
        _hand_in(edition, entry, again, count=2)
        _screen(edition, entry, Verdict.ELIGIBLE, draw.moment(again, max(again, last)))
    elif fate is Fate.LATE:
        admitted = first + timedelta(hours=18)
        _screen(edition, entry, Verdict.ADMITTED, admitted, said("late"), role=Role.ORGANISER)
        _screen(edition, entry, Verdict.ELIGIBLE, draw.moment(admitted, max(admitted, last)))
    elif fate is Fate.ELIGIBLE:
        _screen(edition, entry, Verdict.ELIGIBLE, draw.moment(first, last))


def _hand_in(edition: Edition, entry: Entry, at: datetime, *, count: int = 1, late: bool = False) -> None:
    # The demonstration is the same each time it is made, and so are the hashes of its receipts.
    salt = hashlib.sha256(f"{entry.alias}-{count}".encode()).hexdigest()
    receipt = edition.world.rows.add(make_receipt(edition.contest, entry, edition.rules, at=at, count=count, salt=salt))
    entry.submitted_at = at
    action = "entry-late" if late else "entry-submitted"
    _record(edition, entry, at, action, receipt=receipt.number, sha256=receipt.sha256, gaps=[])


_RESULTS = {
    Verdict.ELIGIBLE: EntryState.ELIGIBLE,
    Verdict.RETURNED: EntryState.RETURNED,
    Verdict.REJECTED: EntryState.INELIGIBLE,
    Verdict.ADMITTED: EntryState.SUBMITTED,
}


def _screen(
    edition: Edition, entry: Entry, verdict: Verdict, at: datetime, reason: str = "", *, role: Role = Role.SECRETARY
) -> None:
    by = edition.world.office.id_of(role)
    edition.world.rows.add(Screening(entry_id=entry.id, verdict=verdict.value, reason=reason, by_id=by, at=at))
    before = EntryState.LATE if verdict is Verdict.ADMITTED else EntryState.SUBMITTED
    entry.changed_at = at
    edition.world.rows.event(
        at, f"entry-{verdict}", "entry", entry.id, actor_id=by, contest_id=edition.contest.id,
        **{"from": before.value, "to": _RESULTS[verdict].value, "reason": reason},
    )  # fmt: skip


def _record(edition: Edition, entry: Entry, at: datetime, action: str, **details: object) -> None:
    edition.world.rows.event(
        at, action, "entry", entry.id, actor_id=entry.owner_id, contest_id=edition.contest.id, entry=entry.alias,
        **details,
    )  # fmt: skip
