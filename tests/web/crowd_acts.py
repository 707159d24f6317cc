"""What has happened to a crowd of entries: readings shown again, conflicts, letters, requests and openings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from judging.db.models import (
    AuditEvent,
    BlindRepeat,
    Conflict,
    ConflictStatement,
    DataRead,
    ForcedAssignment,
    PrivacyRequest,
    RepeatPlan,
    SentMessage,
    SimilarPair,
)
from tests.factories import NOW
from tests.web.crowd_rows import add_rows

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Account, Contest
    from tests.web.crowd_rows import Rows


def add_pairs(session: Session, entries: Rows) -> None:
    """Each entry looks like the next one."""
    ids = sorted(entry["id"] for entry in entries)
    evidence = {"text": 400, "usual": 50, "title": 0, "pictures": [], "files": []}
    add_rows(
        session,
        SimilarPair,
        [
            {
                "first_id": first, "second_id": second, "score": 700, "reasons": "text", "evidence": evidence,
                "found_at": NOW,
            }
            for first, second in pairwise(ids)
        ],
    )  # fmt: skip


def add_repeats(session: Session, contest: Contest, assigned: Rows, sheets: Rows) -> None:
    """Every reading was shown a second time, and marked the same."""
    session.add(RepeatPlan(contest_id=contest.id, round="preliminary", per_judge=1, seed="s", set_at=NOW))
    session.flush()
    add_rows(
        session,
        BlindRepeat,
        [
            {
                "assignment_id": row["id"], "after": row["position"], "state": "submitted", "marks": sheet["marks"],
                "total": sheet["total"], "rubric_digest": sheet["rubric_digest"], "draft_version": 1,
                "given_at": NOW, "changed_at": NOW, "submitted_at": NOW, "code": "AAAAAAAAAA",
            }
            for row, sheet in zip(assigned, sheets, strict=True)
        ],
    )  # fmt: skip


def add_acts(session: Session, contest: Contest, entries: Rows, judges: Rows, *, by: Account) -> None:
    """Of each entry a sheet was submitted; there are conflicts, units that a judge named, and pairs to be forced."""
    add_rows(
        session,
        AuditEvent,
        [
            {
                "at": NOW, "contest_id": contest.id, "actor_id": judges[index]["account_id"],
                "action": "sheet-submitted", "subject": "entry", "subject_id": entry["id"], "details": {},
            }
            for index, entry in enumerate(entries)
        ],
    )  # fmt: skip
    add_rows(
        session,
        Conflict,
        [
            {
                "contest_id": contest.id, "judge_id": judges[index]["id"], "entry_id": entries[index - 2]["id"],
                "kind": "mentor", "source": "detected", "at": NOW,
            }
            for index in range(2, len(entries))
        ],
    )  # fmt: skip
    add_rows(
        session,
        ConflictStatement,
        [
            {
                "contest_id": contest.id, "judge_id": judges[0]["id"], "unit": f"THPT Mẫu {index}",
                "unit_key": f"thpt mau {index}", "kind": "child", "source": "declared", "at": NOW,
                "reason": "", "withdrawn_reason": "",
            }
            for index in range(len(entries))
        ],
    )  # fmt: skip
    add_rows(
        session,
        ForcedAssignment,
        [
            {
                "contest_id": contest.id, "round": "preliminary", "judge_id": judges[index]["id"],
                "entry_id": entries[index - 2]["id"], "kinds": ["mentor"], "reason": "Mẫu", "state": "proposed",
                "by_id": by.id, "at": NOW,
            }
            for index in range(2, len(entries))
        ],
    )  # fmt: skip


def add_care(session: Session, contest: Contest, entries: Rows, *, author: Account, reader: Account) -> None:
    """About each entry a letter, a request of its author, and an opening by the office, of this very day."""
    today = datetime.now(UTC)
    add_rows(
        session,
        SentMessage,
        [
            {
                "contest_id": contest.id, "entry_id": entry["id"], "account_id": author.id,
                "address": author.email, "kind": "receipt", "key": f"receipt:{entry['id']}", "locale": "vi",
                "subject": "Mẫu", "text": "Mẫu", "sha256": "0" * 64, "state": "sent", "created_at": NOW,
                "leaves_at": NOW, "sent_at": NOW,
            }
            for entry in entries
        ],
    )  # fmt: skip
    add_rows(
        session,
        PrivacyRequest,
        [
            {
                "number": f"YC-{entry['number']:06d}", "kind": "see", "channel": "page", "profile": "vn",
                "contest_id": contest.id, "entry_id": entry["id"], "account_id": author.id, "person": author.name,
                "text": "Mẫu", "received_at": NOW, "answer_due": NOW + timedelta(days=2),
                "act_due": NOW + timedelta(days=15), "version": 1,
            }
            for entry in entries
        ],
    )  # fmt: skip
    add_rows(
        session,
        DataRead,
        [
            {
                "at": today, "account_id": reader.id, "contest_id": contest.id, "entry_id": entry["id"],
                "what": "dossier",
            }
            for entry in entries
        ],
    )  # fmt: skip
