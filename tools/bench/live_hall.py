"""The last minutes of a live final: every judge saves the sheet again and again, and all hand in within seconds.

Each judge has a sheet of one entry before them. Meanwhile others ask again and again whether the contest has moved,
and are answered 304. What was lost, doubled or changed is counted afterwards from the rows and from the receipts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.composition import create_web
from judging.db.models import Assignment, Contest, SheetVersion
from judging.domain.ledger.faults import LedgerError
from judging.domain.ledger.receipts import Receipt, verify_receipt
from judging.domain.lifecycle import SheetState
from judging.services.contests.editions import contest_rules
from judging.services.platform import Platform
from judging.services.score_log.keeper import keeper_of
from judging.services.score_log.receipts import find_sheet_leaves, make_receipt
from judging.services.sheets.drafts import canonical_marks
from judging.web.sheet_blocks import MARK_FIELD, OVERALL_FIELD
from tools.bench.clients import cookies_of, csrf_token, enter
from tools.bench.contests import SLUG, fill_contest, give_marks
from tools.bench.paced import Ask, Client

SAVE, SUBMIT, READ = "save", "submit", "read"
EVERY, WITHIN = 5.0, 10.0
_SHEETS, _LOAD = 5, 10
_SAVED, _SUBMITTED, _READ, _UNCHANGED = 200, 302, 200, 304
_PUBLIC = f"/api/v1/contests/{SLUG}"
_COMMENT = "Ý tưởng rõ ràng. Mô hình chạy tốt và dễ làm lại."


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How many judges save every `every` seconds for how long, and hand in within how many; how many readers ask."""

    judges: int
    seconds: int
    readers: int
    every: float = EVERY
    within: float = WITHIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A judge in the hall: the sheet, the cookies, and the form as it is sent in the end."""

    assignment: str
    cookie: str
    form: Mapping[str, str]

    @property
    def comment(self) -> str:
        """The overall comment that is handed in."""
        return self.form[OVERALL_FIELD]


def seat_judges(platform: Platform, judges: int) -> list[Seat]:
    """Make a contest in judging, and let so many judges sit down, each with a sheet before them."""
    with platform.database.writing() as session:
        filled = fill_contest(
            session, platform.registry, entries=max(2, judges * _LOAD // _SHEETS), sheets=_SHEETS, submitted=False,
            load=_LOAD,
        )  # fmt: skip
        judged = contest_rules(platform.registry, session.get_one(Contest, filled.contest_id)).rounds[0]
    app = create_web(platform)
    seats = []
    for number, (email, sheets) in enumerate(list(filled.readings.items())[:judges]):
        client = enter(app, platform, email)
        marks = canonical_marks(give_marks(judged, Random(email), 0.7))  # noqa: S311 - the same marks in every run
        form = {
            **{MARK_FIELD + key: text for key, text in marks.items()},
            "csrf_token": csrf_token(client, "/account"), OVERALL_FIELD: f"{_COMMENT} {number}.",
        }  # fmt: skip
        seats.append(Seat(assignment=sheets[0], cookie=cookies_of(client), form=form))
    return seats


def everybody(seats: Sequence[Seat], shape: Shape) -> list[Client]:
    """What the judges do and when, each beginning at a moment of their own, and what readers ask meanwhile."""
    judges = [_judge(seat, number / len(seats), shape) for number, seat in enumerate(seats)]
    end = shape.seconds + shape.within
    readers = [_reader(number / max(1, shape.readers), shape.every * 2, end) for number in range(shape.readers)]
    return [*judges, *readers]


def count_wrong(platform: Platform, seats: Sequence[Seat]) -> dict[str, int]:
    """What rows and receipts say when all is over: sheets that are lost, twice there or others than were handed in."""
    lost = doubled = changed = unproved = 0
    with platform.database.reading() as session:
        for seat in seats:
            reading = session.get_one(Assignment, seat.assignment)
            found = session.scalars(select(SheetVersion).where(SheetVersion.assignment_id == seat.assignment)).all()
            lost += not found or reading.state != SheetState.SUBMITTED
            doubled += len(found) > 1
            for version in found[:1]:
                sent = {MARK_FIELD + key: text for key, text in version.marks.items()}
                changed += version.comment != seat.comment or sent.items() - seat.form.items() != set()
                unproved += not _is_proved(session, version)
    return {"lost": lost, "doubled": doubled, "changed": changed, "without a proof": unproved}


def _is_proved(session: Session, version: SheetVersion) -> bool:
    leaf = find_sheet_leaves(session, [version.id]).get(version.id)
    if leaf is None:
        return False
    try:
        receipt = Receipt.parse(bytes(make_receipt(session, leaf)))
        verify_receipt(receipt, [keeper_of(session).notary.verifier(leaf.origin)])
    except LedgerError:
        return False
    return True


def _judge(seat: Seat, share: float, shape: Shape) -> Client:
    path, at = f"/judge/sheets/{seat.assignment}", share * shape.every
    asks: list[Ask] = []
    while at < shape.seconds:
        # Every save changes something: what is as it was would not be written.
        form = {**seat.form, OVERALL_FIELD: f"{seat.comment} {len(asks)}"}
        asks.append(Ask(kind=SAVE, at=at, path=f"{path}/draft", expects=(_SAVED,), body=urlencode(form)))
        at += shape.every
    last = urlencode({**seat.form, "action": "submit"})
    moment = shape.seconds + share * shape.within
    asks.append(Ask(kind=SUBMIT, at=moment, path=path, expects=(_SUBMITTED,), body=last))
    return Client(cookie=seat.cookie, asks=asks)


def _reader(share: float, every: float, end: float) -> Client:
    asks: list[Ask] = []
    at = share * every
    while at < end:
        expects = (_UNCHANGED,) if asks else (_READ,)
        asks.append(Ask(kind=READ, at=at, path=_PUBLIC, expects=expects, tagged=True))
        at += every
    return Client(cookie="", asks=asks)
