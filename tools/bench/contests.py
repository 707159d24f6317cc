"""A contest in judging of any size, made of generated rows by bulk inserts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from judging.db.base import Base
from judging.db.models import (
    Account,
    Assignment,
    Consent,
    Contest,
    ContestRole,
    ContestRound,
    Entry,
    EntryMember,
    Judge,
    Organisation,
    Panel,
    PanelSeat,
    SheetVersion,
)
from judging.db.types import new_id
from judging.domain.lifecycle import ContestPhase, EntryState, SheetState
from judging.domain.rules import ContestRules, Round
from judging.domain.structure import digest
from judging.domain.totals import as_decimal_string, sheet_total
from judging.plugins import Registry
from judging.services.access.accounts import hash_password
from judging.services.access.api_tokens import make_token
from judging.services.contests.editions import contest_rules, pin_rules
from judging.services.score_log.opening import ensure_log
from judging.services.sheets.drafts import canonical_marks

KIND = "youth-creativity"
PASSWORD = "mot con vit xoe ra hai cai canh"  # noqa: S105 - of generated people in a throw-away folder
SLUG = "bench"
_LOAD = 50
_BATCH = 2_000
_NOW = datetime(2021, 8, 2, 3, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was made: the contest, its open round, the organiser's address, each judge's readings by the address."""

    contest_id: str
    round_key: str
    organiser: str
    readings: dict[str, list[str]]


def fill_contest(
    session: Session,
    registry: Registry,
    *,
    entries: int,
    sheets: int,
    submitted: bool,
    load: int = _LOAD,
    rounds: int = 1,
) -> Filled:
    """Make a contest with `entries` eligible entries of `sheets` judges each; `submitted` gives every sheet marks.

    A judge has at most about `load` sheets. With `submitted` as many of the `rounds` have sheets of all entries.
    """
    draw = Random(entries)  # noqa: S311 - the same rows in every run
    password = hash_password(PASSWORD)
    organiser = _accounts(session, "organiser", 1, password)[0]
    contest = _contest(session, registry, organiser["id"])
    rules = contest_rules(registry, contest)
    judged = rules.rounds[0]
    people = _accounts(session, "judge", max(sheets, -(-entries * sheets // load)), password)
    judges = _judges(session, contest, rules, people)
    owner = _accounts(session, "author", 1, password)[0]
    rows = _entries(session, contest, rules, owner["id"], entries)
    assignments = list(_assignments(contest, judged, rows, judges, sheets))
    if submitted:
        _submit(session, judged, assignments, judges, draw)
        for later in rules.rounds[1:rounds]:
            _submit(session, later, list(_assignments(contest, later, rows, judges, sheets)), judges, draw)
    else:
        _insert(session, Assignment, assignments)
    if not submitted:
        # What has begun when judges come is no part of what they wait for.
        session.flush()
        ensure_log(session, contest, now=datetime.now(UTC))
    return Filled(
        contest_id=contest.id,
        round_key=judged.key,
        organiser=organiser["email"],
        readings=_by_email(assignments, judges, people),
    )


def fill_drafts(session: Session, registry: Registry, *, entries: int) -> dict[str, str]:
    """Make an open contest whose deadline has just passed, with drafts; each one's identifier and its author's token.

    What is handed in then is late, and is taken with gaps: the way of the work is the same.
    """
    password = hash_password(PASSWORD)
    contest = _contest(session, registry, _accounts(session, "organiser", 1, password)[0]["id"])
    contest.phase = ContestPhase.OPEN.value
    session.flush()
    people = _accounts(session, "author", entries, password)
    rows = _entries(session, contest, contest_rules(registry, contest), people[0]["id"], entries)
    tokens = {}
    for row, person in zip(rows, people, strict=True):
        entry = session.get_one(Entry, row["id"])
        entry.owner_id, entry.state, entry.round, entry.submitted_at = person["id"], EntryState.DRAFT.value, None, None
        account = session.get_one(Account, person["id"])
        now = datetime.now(UTC)
        session.add_all(
            Consent(
                member_id=member.id, purpose="take-part", given_by=word, given_at=now, method="paper", by_name="bench"
            )
            for member in entry.members
            for word in ("self", "guardian")
        )
        tokens[entry.id] = make_token(session, account=account, name="bench", scopes=("entries",), now=now).text
    return tokens


def give_marks(judged: Round, draw: Random, worth: float) -> dict[str, Decimal]:
    """A mark for every scale of the round, on a step, around `worth` (0 to 1) of the way up."""
    marks = {}
    for criterion in judged.rubric.criteria:
        for key, _, scale in criterion.scales:
            steps = int((scale.high - scale.low) / scale.step)
            step = min(steps, max(0, round(steps * draw.gauss(worth, 0.08))))
            marks[key] = scale.low + step * scale.step
    return marks


def _accounts(session: Session, role: str, count: int, password: str) -> list[dict[str, Any]]:
    people = [
        {
            "id": new_id(),
            "email": f"{role}-{number}@example.vn",
            "email_key": f"{role}-{number}@example.vn",
            "name": f"Mẫu {role} {number}",
            "password_hash": password,
            "locale": "en",
            "created_at": _NOW,
        }
        for number in range(count)
    ]
    _insert(session, Account, people)
    return people


def _contest(session: Session, registry: Registry, organiser_id: str) -> Contest:
    owner = Organisation(slug="bench", name="Sở mẫu", created_at=_NOW)
    session.add(owner)
    session.flush()
    contest = Contest(
        organisation_id=owner.id, slug=SLUG, kind=KIND, title="Cuộc thi mẫu", title_en="Sample contest", year=2021,
        phase=ContestPhase.JUDGING.value, settings={}, created_at=_NOW, opens_at=_NOW - timedelta(days=60),
        closes_at=_NOW - timedelta(days=10),
    )  # fmt: skip
    session.add(contest)
    pin_rules(registry, contest)
    session.flush()
    for position, judged in enumerate(contest_rules(registry, contest).rounds):
        state = "pending" if position else "open"
        opened = None if position else _NOW
        session.add(
            ContestRound(contest_id=contest.id, key=judged.key, position=position, state=state, opened_at=opened)
        )
    session.add(ContestRole(contest_id=contest.id, account_id=organiser_id, role="organiser", created_at=_NOW))
    session.flush()
    return contest


def _judges(
    session: Session, contest: Contest, rules: ContestRules, people: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    panel = Panel(contest_id=contest.id, position=0, name="Tiểu ban", categories=[one.key for one in rules.categories])
    session.add(panel)
    session.flush()
    judges = [
        {
            "id": new_id(),
            "contest_id": contest.id,
            "account_id": person["id"],
            "alias": f"j-{number:06d}",
            "conflicts_declared_at": _NOW,
            "created_at": _NOW,
        }
        for number, person in enumerate(people)
    ]
    _insert(session, Judge, judges)
    _insert(session, PanelSeat, [{"panel_id": panel.id, "judge_id": judge["id"]} for judge in judges])
    return judges


def _entries(
    session: Session, contest: Contest, rules: ContestRules, owner_id: str, count: int
) -> list[dict[str, Any]]:
    rows = [
        {
            "id": new_id(),
            "contest_id": contest.id,
            "owner_id": owner_id,
            "number": number,
            "alias": f"e-{number:06d}",
            "title": f"Giải pháp mẫu {number}",
            "category": rules.categories[number % len(rules.categories)].key,
            "unit": f"THCS Mẫu {number % 40}",
            "state": EntryState.IN_ROUND.value,
            "round": rules.rounds[0].key,
            "created_at": _NOW - timedelta(days=30),
            "changed_at": _NOW,
            "submitted_at": _NOW - timedelta(days=20),
        }
        for number in range(1, count + 1)
    ]
    _insert(session, Entry, rows)
    members = [
        {"entry_id": row["id"], "position": 0, "name": f"Nông Mẫu {row['number']}", "is_lead": True} for row in rows
    ]
    _insert(session, EntryMember, members)
    return rows


def _assignments(
    contest: Contest,
    judged: Round,
    entries: Sequence[dict[str, Any]],
    judges: Sequence[dict[str, Any]],
    sheets: int,
) -> Iterator[dict[str, Any]]:
    """Judges take turns, so that their loads are even."""
    for place, entry in enumerate(entries):
        for seat in range(sheets):
            turn = place * sheets + seat
            yield {
                "id": new_id(),
                "contest_id": contest.id,
                "round": judged.key,
                "entry_id": entry["id"],
                "judge_id": judges[turn % len(judges)]["id"],
                "position": turn // len(judges) + 1,
                "state": SheetState.ASSIGNED.value,
                "marks": {},
                "sheet_version": 0,
                "assigned_at": _NOW - timedelta(days=1),
                "changed_at": _NOW - timedelta(days=1),
            }


def _submit(
    session: Session, judged: Round, assignments: list[dict[str, Any]], judges: Sequence[dict[str, Any]], draw: Random
) -> None:
    """Give every reading marks around its entry's own worth, and keep them as a submitted version."""
    accounts = {judge["id"]: judge["account_id"] for judge in judges}
    rubric = digest(judged.rubric)
    worths: dict[str, float] = {}
    versions = []
    for row in assignments:
        worth = worths.setdefault(row["entry_id"], draw.uniform(0.45, 0.95))
        marks = give_marks(judged, draw, worth)
        row.update(state=SheetState.SUBMITTED.value, sheet_version=1, marks=canonical_marks(marks))
        versions.append(
            {
                "assignment_id": row["id"],
                "number": 1,
                "marks": row["marks"],
                "comments": {},
                "total": as_decimal_string(sheet_total(judged.rubric, marks)),
                "rubric_digest": rubric,
                "submitted_at": _NOW,
                "submitted_by_id": accounts[row["judge_id"]],
                "code": hashlib.sha256(row["id"].encode()).hexdigest()[:10].upper(),
            }
        )
    _insert(session, Assignment, assignments)
    _insert(session, SheetVersion, versions)


def _by_email(
    assignments: Sequence[dict[str, Any]], judges: Sequence[dict[str, Any]], people: Sequence[dict[str, Any]]
) -> dict[str, list[str]]:
    emails = {person["id"]: person["email"] for person in people}
    owners = {judge["id"]: emails[judge["account_id"]] for judge in judges}
    readings: dict[str, list[str]] = {}
    for row in assignments:
        readings.setdefault(owners[row["judge_id"]], []).append(row["id"])
    return readings


def _insert(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    for first in range(0, len(rows), _BATCH):
        session.execute(insert(model), rows[first : first + _BATCH])
