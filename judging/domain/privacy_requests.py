"""Requests of people about their data: kinds, states, and by when each must be answered and done.

Sources: Vietnam's Personal Data Protection Law 91/2025/QH15 with Decree 356/2025/NĐ-CP (an answer within 2 working
days; the act within 15 days, erasure within 20), and Art. 12(3) GDPR (one month). Public holidays are left out of
account, so that a due date is never later than the law's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from judging.domain.calendar_terms import Term, end_of_term
from judging.errors import N_


class RequestKind(StrEnum):
    """What a person may ask for."""

    SEE = "see"
    CORRECT = "correct"
    ERASE = "erase"
    RESTRICT = "restrict"
    WITHDRAW = "withdraw"


class RequestState(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    ANSWERED = "answered"
    DONE = "done"
    REFUSED = "refused"
    TAKEN_BACK = "taken-back"


class RequestStep(StrEnum):
    """What can be done about a request; each is written down with its note."""

    RECEIVE = "receive"
    ANSWER = "answer"
    NOTE = "note"
    DO = "do"
    REFUSE = "refuse"
    TAKE_BACK = "take-back"


class Channel(StrEnum):
    """How a request came in."""

    PAGE = "page"
    PAPER = "paper"
    PHONE = "phone"
    LETTER = "letter"
    DESK = "desk"


class Profile(StrEnum):
    """Whose law sets the dates."""

    VN = "vn"
    EU = "eu"


KIND_LABELS: Mapping[RequestKind, str] = {
    RequestKind.SEE: N_("See the data"),
    RequestKind.CORRECT: N_("Correct the data"),
    RequestKind.ERASE: N_("Erase the data"),
    RequestKind.RESTRICT: N_("Stop using the data"),
    RequestKind.WITHDRAW: N_("Withdraw a consent"),
}
STATE_LABELS: Mapping[RequestState, str] = {
    RequestState.RECEIVED: N_("Waits for an answer"),
    RequestState.ANSWERED: N_("Answered, to be done"),
    RequestState.DONE: N_("Done"),
    RequestState.REFUSED: N_("Refused"),
    RequestState.TAKEN_BACK: N_("Taken back"),
}
STEP_LABELS: Mapping[RequestStep, str] = {
    RequestStep.RECEIVE: N_("Received"),
    RequestStep.ANSWER: N_("First answer given"),
    RequestStep.NOTE: N_("Note"),
    RequestStep.DO: N_("Done"),
    RequestStep.REFUSE: N_("Refused"),
    RequestStep.TAKE_BACK: N_("Taken back by the person"),
}
CHANNEL_LABELS: Mapping[Channel, str] = {
    Channel.PAGE: N_("On the page, signed in"),
    Channel.PAPER: N_("On paper"),
    Channel.PHONE: N_("By phone"),
    Channel.LETTER: N_("By e-mail"),
    Channel.DESK: N_("In person"),
}
PROFILE_LABELS: Mapping[Profile, str] = {
    Profile.VN: N_("Vietnam: an answer in 2 working days, the act in 15 days, erasure in 20"),
    Profile.EU: N_("European Union: one month"),
}

OPEN = (RequestState.RECEIVED, RequestState.ANSWERED)
_MOVES: Mapping[RequestStep, tuple[tuple[RequestState, ...], RequestState | None]] = {
    RequestStep.ANSWER: ((RequestState.RECEIVED,), RequestState.ANSWERED),
    RequestStep.NOTE: (tuple(RequestState), None),
    RequestStep.DO: (OPEN, RequestState.DONE),
    RequestStep.REFUSE: (OPEN, RequestState.REFUSED),
    RequestStep.TAKE_BACK: (OPEN, RequestState.TAKEN_BACK),
}
OFFICE_STEPS = (RequestStep.ANSWER, RequestStep.DO, RequestStep.REFUSE, RequestStep.NOTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dues:
    """By when a request must be answered and done: the first moments, in UTC, at which it is too late."""

    answer: datetime
    act: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    answer: Term
    act: Term
    erase: Term


_TERMS: Mapping[Profile, _Terms] = {
    Profile.VN: _Terms(answer=Term(working_days=2), act=Term(days=15), erase=Term(days=20)),
    Profile.EU: _Terms(answer=Term(months=1), act=Term(months=1), erase=Term(months=1)),
}
_SOON = timedelta(days=1)


def dues_of(kind: RequestKind, profile: Profile, received: datetime, *, zone: str) -> Dues:
    """The due dates of a request received at that moment, by the clock of `zone`."""
    terms = _TERMS[profile]
    act = terms.erase if kind is RequestKind.ERASE else terms.act
    return Dues(answer=end_of_term(received, terms.answer, zone=zone), act=end_of_term(received, act, zone=zone))


def step_leads_to(step: RequestStep, state: RequestState) -> RequestState | None:
    """The state after the step; the same one for a note, None when the step cannot be taken now."""
    if step not in _MOVES:
        return None
    sources, target = _MOVES[step]
    if state not in sources:
        return None
    return state if target is None else target


def next_due(state: RequestState, dues: Dues) -> datetime | None:
    """The date that the request waits for now; None when nothing is left to do."""
    if state not in OPEN:
        return None
    return min(dues.answer, dues.act) if state is RequestState.RECEIVED else dues.act


def reminder_of(state: RequestState, dues: Dues, now: datetime) -> str:
    """Which reminder is due now: `soon` from a day before the date on, `late` from the date on, else nothing."""
    due = next_due(state, dues)
    if due is None or now < due - _SOON:
        return ""
    return "late" if now >= due else "soon"


def profile_of_zone(zone: str) -> Profile:
    """Whose law holds where that clock is: the European one in Europe, else Vietnam's, whose dates come first."""
    return Profile.EU if zone.startswith("Europe/") else Profile.VN
