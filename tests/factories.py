"""Makes real rows for tests, with believable defaults. Each function adds, flushes and returns what it made."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from argon2 import PasswordHasher

from judging.composition import open_notary
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
    OrganisationRole,
    Panel,
    PanelSeat,
    SheetVersion,
    UnitsAnswer,
)
from judging.domain.addresses import email_key
from judging.domain.structure import digest
from judging.domain.totals import as_decimal_string, sheet_total
from judging.services.contests.editions import contest_rules, pin_rules
from judging.services.score_log.keeper import keep_logs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from judging.domain.rules import Round
    from judging.plugins import Registry
    from judging.services.platform import Platform

NOW = datetime(2021, 10, 20, 3, 0, tzinfo=UTC)
PASSWORD = "mot con vit xoe ra hai cai canh"

_numbers = itertools.count(1)


@cache
def password_hash() -> str:
    """The hash of PASSWORD, made so that it is quickly compared: what a real one takes is tested with real ones."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def make_organisation(session: Session, **values: Any) -> Organisation:
    """A science department."""
    number = next(_numbers)
    made = Organisation(**{"slug": f"department-{number}", "name": f"Sở mẫu {number}", "created_at": NOW, **values})
    session.add(made)
    session.flush()
    return made


def make_account(session: Session, **values: Any) -> Account:
    """An account that signs in with PASSWORD."""
    email = values.pop("email", f"person-{next(_numbers)}@example.vn")
    defaults = {"name": email.split("@")[0], "password_hash": password_hash(), "locale": "en", "created_at": NOW}
    made = Account(email=email, email_key=email_key(email), **{**defaults, **values})
    session.add(made)
    session.flush()
    return made


def make_contest(
    session: Session,
    registry: Registry,
    *,
    kind: str = "youth-creativity",
    phase: str = "open",
    organisation: Organisation | None = None,
    **values: Any,
) -> Contest:
    """A contest of `kind`; its rules are pinned and its rounds exist from the phase `open` on."""
    owner = organisation or make_organisation(session)
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "slug": f"contest-{number}",
        "title": f"Cuộc thi mẫu {number}",
        "title_en": f"Sample contest {number}",
        "year": 2021,
        "edition": 1,
        "zone": "Asia/Ho_Chi_Minh",
        "settings": {},
        "opens_at": NOW - timedelta(days=60),
        "closes_at": NOW + timedelta(days=3650 * 3),
        "created_at": NOW - timedelta(days=90),
    }
    made = Contest(organisation_id=owner.id, kind=kind, phase=phase, **{**defaults, **values})
    session.add(made)
    if phase not in ("draft", "announced"):
        pin_rules(registry, made)
    session.flush()
    if phase not in ("draft", "announced"):
        for position, judged in enumerate(contest_rules(registry, made).rounds):
            state = "open" if phase == "judging" and position == 0 else "pending"
            session.add(ContestRound(contest_id=made.id, key=judged.key, position=position, state=state))
        session.flush()
    return made


def give_role(session: Session, contest: Contest, account: Account, role: str) -> ContestRole:
    """Let the account act as `role` in the contest."""
    made = ContestRole(contest_id=contest.id, account_id=account.id, role=role, created_at=NOW)
    session.add(made)
    session.flush()
    return made


def give_office(session: Session, organisation: Organisation, account: Account, role: str) -> OrganisationRole:
    """Let the account act as `role` in all contests of the organisation."""
    made = OrganisationRole(organisation_id=organisation.id, account_id=account.id, role=role, created_at=NOW)
    session.add(made)
    session.flush()
    return made


def make_entry(
    session: Session,
    contest: Contest,
    *,
    owner: Account | None = None,
    members: Sequence[Mapping[str, Any]] = ({"name": "Nông Mẫu Bình", "born": date(2008, 5, 4)},),
    **values: Any,
) -> Entry:
    """An entry, submitted and eligible unless told otherwise; shares are split evenly."""
    author = owner or make_account(session)
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "number": number,
        "alias": f"e-{number:06d}",
        "title": f"Bộ lọc nước mẫu {number}",
        "category": (contest.rules or {"categories": [{"key": "software"}]})["categories"][0]["key"],
        "unit": "THCS Mẫu 12",
        "state": "eligible",
        "created_at": NOW - timedelta(days=30),
        "changed_at": NOW - timedelta(days=20),
        "submitted_at": NOW - timedelta(days=20),
    }
    made = Entry(contest_id=contest.id, owner_id=author.id, **{**defaults, **values})
    session.add(made)
    session.flush()
    even = Decimal(100) / len(members) if len(members) in (1, 2, 4, 5) else None
    for position, member in enumerate(members):
        person = {"share": even, "is_lead": position == 0, "name_key": str(member["name"]).casefold(), **member}
        session.add(EntryMember(entry_id=made.id, position=position, **person))
    session.flush()
    return made


def agree(session: Session, entry: Entry, *, purposes: Sequence[str] = ("take-part",), at: datetime = NOW) -> None:
    """Every author of the entry agrees, and a guardian for each: whoever needs none is not harmed by one."""
    for member in entry.members:
        for word in ("self", "guardian"):
            for purpose in purposes:
                session.add(
                    Consent(
                        member_id=member.id, purpose=purpose, given_by=word, given_at=at, method="paper",
                        by_name="Người Mẫu",
                    )
                )  # fmt: skip
    session.flush()
    session.expire_all()


def make_panel(session: Session, contest: Contest, *, categories: Sequence[str] = (), **values: Any) -> Panel:
    """A panel for some categories."""
    number = next(_numbers)
    made = Panel(
        contest_id=contest.id,
        **{"position": number, "name": f"Tiểu ban {number}", "categories": list(categories), **values},
    )
    session.add(made)
    session.flush()
    return made


def make_judge(
    session: Session,
    contest: Contest,
    *,
    account: Account | None = None,
    panel: Panel | None = None,
    is_chair: bool = False,
    **values: Any,
) -> Judge:
    """A judge of the contest, who has declared their conflicts."""
    number = next(_numbers)
    person = account or make_account(session, name=f"Mẫu Giám Khảo {number}")
    defaults = {"alias": f"j-{number:06d}", "unit": "", "capacity": 60, "created_at": NOW, "conflicts_declared_at": NOW}
    made = Judge(contest_id=contest.id, account_id=person.id, **{**defaults, **values})
    session.add(made)
    session.flush()
    session.add(UnitsAnswer(judge_id=made.id, at=NOW))
    session.flush()
    if panel is not None:
        session.add(PanelSeat(panel_id=panel.id, judge_id=made.id, is_chair=is_chair))
        session.flush()
    return made


def make_assignment(session: Session, entry: Entry, judge: Judge, *, round_key: str, **values: Any) -> Assignment:
    """One reading, not begun."""
    made = Assignment(
        contest_id=entry.contest_id,
        round=round_key,
        entry_id=entry.id,
        judge_id=judge.id,
        **{
            "state": "assigned",
            "assigned_at": NOW - timedelta(days=5),
            "changed_at": NOW - timedelta(days=5),
            **values,
        },
    )
    session.add(made)
    session.flush()
    return made


def even_marks(judged: Round, share: Decimal = Decimal("0.8")) -> dict[str, Decimal]:
    """A mark for every scale of the round, about `share` of the way up, on a step and inside a band."""
    marks: dict[str, Decimal] = {}
    for criterion in judged.rubric.criteria:
        for key, _, scale in criterion.scales:
            steps = ((scale.high - scale.low) * share / scale.step).to_integral_value()
            mark = scale.low + steps * scale.step
            while criterion.bands and criterion.band_of(mark) is None:
                mark -= scale.step
            marks[key] = mark
    return marks


def make_sheet(
    session: Session,
    assignment: Assignment,
    judged: Round,
    *,
    marks: Mapping[str, Decimal] | None = None,
    **values: Any,
) -> SheetVersion:
    """Submit a sheet for the assignment: the next version, with these marks."""
    given = even_marks(judged) if marks is None else dict(marks)
    assignment.sheet_version += 1
    assignment.state = "submitted"
    assignment.marks = {key: str(mark) for key, mark in given.items()}
    made = SheetVersion(
        assignment_id=assignment.id,
        number=assignment.sheet_version,
        marks={key: str(mark) for key, mark in given.items()},
        total=as_decimal_string(sheet_total(judged.rubric, given)),
        rubric_digest=digest(judged.rubric),
        submitted_by_id=assignment.judge.account_id,
        code=f"CODE{next(_numbers):06d}",
        **{"submitted_at": NOW, "comments": {}, "comment": "Ý tưởng rõ ràng. Mô hình chạy tốt.", **values},
    )
    session.add(made)
    session.flush()
    return made


def with_registry(platform: Platform, registry: Registry) -> Platform:
    """The platform with other plugins, which its score logs ask too, as an installation that has just these."""
    keep_logs(platform.database, notary=open_notary(platform.settings), registry=registry)
    return replace(platform, registry=registry)
