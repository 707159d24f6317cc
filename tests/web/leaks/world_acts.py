"""What the office has decided, written and noted about the world's entries and people."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from judging.db.models import (
    AuditEvent,
    Breach,
    ConflictStatement,
    DataExport,
    ForcedAssignment,
    LegalHold,
    PrivacyRequest,
    Prize,
    Screening,
    SentMessage,
    SheetOverride,
)
from tests.factories import NOW

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Account, Contest, Entry, Judge
    from judging.storage import FileStore


def add_decisions(
    session: Session, contest: Contest, *, people: Mapping[str, Account], entries: Mapping[str, Entry],
    judges: Mapping[str, Judge], sheet: str,
) -> dict[str, str]:  # fmt: skip
    """An entry sent back, a prize, and what is decided over a sheet and over judges; returns ids by what it is."""
    by = people["secretary"].id
    session.add(Screening(entry_id=entries["d"].id, verdict="returned", reason="zq-screening-reason", by_id=by, at=NOW))
    prize = Prize(
        contest_id=contest.id, entry_id=entries["e"].id, level="first", reason="zq-prize-reason", by_id=by, at=NOW
    )
    session.add(prize)
    session.add(
        AuditEvent(
            at=NOW, contest_id=contest.id, actor_id=by, action="entry-screened", subject="entry",
            subject_id=entries["d"].id, details={"reason": "zq-record-detail"},
        )
    )  # fmt: skip
    override = SheetOverride(
        contest_id=contest.id, sheet_id=sheet, exclude=True, reason="zq-override-reason", by_id=by, at=NOW
    )
    statement = ConflictStatement(
        contest_id=contest.id, judge_id=judges["judge_1"].id, unit="zq-tie-unit", unit_key="zq tie unit",
        kind="spouse", source="declared", reason="", by_id=None, at=NOW,
    )  # fmt: skip
    forced = ForcedAssignment(
        contest_id=contest.id, round="preliminary", entry_id=entries["e"].id,
        judge_id=judges["judge_other_panel"].id, kinds=["teacher"], reason="zq-forced-reason",
        by_id=people["organiser"].id, at=NOW,
    )  # fmt: skip
    session.add_all([override, statement, forced])
    session.flush()
    return {"prize": prize.id, "override": override.id, "statement": statement.id, "forced": forced.id}


def add_letters(session: Session, entry: Entry, *, people: Mapping[str, Account]) -> list[str]:
    """A letter that did not arrive, and one about a sheet on paper; returns their ids."""
    letter = SentMessage(
        contest_id=entry.contest_id, entry_id=entry.id, address="zq-letter-to@example.vn",
        account_id=people["contestant_a"].id, kind="receipt", key="receipt:zq",
        locale="vi", subject="zq-letter-subject", text="zq-letter-text", sha256="0" * 64, state="failed",
        answer="zq-letter-answer", created_at=NOW, leaves_at=NOW,
    )  # fmt: skip
    typed = SentMessage(
        contest_id=entry.contest_id, entry_id=entry.id, address="zq-mail-of-1@example.vn",
        account_id=people["judge_1"].id, kind="paper-recorded", key="paper-recorded:zq",
        locale="vi", subject="zq-paper-letter", text="Phiếu giấy đã nhập.", sha256="0" * 64, state="sent",
        created_at=NOW, leaves_at=NOW,
    )  # fmt: skip
    session.add_all([letter, typed])
    session.flush()
    return [letter.id, typed.id]


def add_privacy(
    session: Session, store: FileStore, entry: Entry, *, owner: Account, by: Account, today: datetime
) -> dict[str, str]:  # fmt: skip
    """A request, an archive that is ready, a hold and a breach, each of somebody; returns ids by what it is."""
    stored = store.put(b"PK zq-bytes-of-archive")
    request = PrivacyRequest(
        number="YC-2021-00001", kind="see", channel="page", profile="vn", contest_id=entry.contest_id,
        entry_id=entry.id, account_id=owner.id, person=owner.name, text="zq-request-text", received_at=NOW,
        answer_due=today + timedelta(days=2), act_due=today + timedelta(days=15),
    )  # fmt: skip
    export = DataExport(
        account_id=owner.id, state="ready", key=stored.key, size=stored.size, sha256=stored.sha256, asked_at=NOW,
        ready_at=NOW, expires_at=NOW + timedelta(hours=24),
    )  # fmt: skip
    hold = LegalHold(contest_id=entry.contest_id, entry_id=entry.id, reason="zq-hold-reason", by_id=by.id, at=NOW)
    breach = Breach(noticed_at=NOW, what="zq-breach-what", by_id=by.id, started_at=NOW)
    session.add_all([request, export, hold, breach])
    session.flush()
    return {"request": request.id, "export": export.id, "hold": hold.id, "breach": breach.id}
