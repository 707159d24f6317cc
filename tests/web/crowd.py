"""An installation in which there is as much of everything as is asked for, stored in batches."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from judging.db.models import (
    Account,
    Assignment,
    AuditEvent,
    BlindRepeat,
    Conflict,
    ConflictStatement,
    Contest,
    DataRead,
    Entry,
    EntryMember,
    ForcedAssignment,
    Judge,
    Organisation,
    PanelSeat,
    PrivacyRequest,
    Prize,
    Publication,
    RepeatPlan,
    SentMessage,
    SheetOverride,
    SheetVersion,
    SimilarPair,
    UnitsAnswer,
)
from judging.db.types import new_id
from judging.domain.structure import digest
from judging.domain.totals import as_decimal_string, sheet_total
from judging.services.access.api_tokens import SCOPES, make_token
from judging.services.contests.editions import contest_rules
from tests.factories import (
    NOW,
    even_marks,
    give_office,
    make_account,
    make_contest,
    make_organisation,
    make_panel,
    password_hash,
)
from tests.web.leaks.live_world import add_booths, add_places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from judging.db.base import Base
    from judging.domain.rules import Round
    from judging.plugins import Registry

Rows = list[dict[str, Any]]
_PLANNERS = 12


@dataclass(kw_only=True)
class Crowd:
    """Who signs in, by desk, and the tokens of their programs."""

    emails: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


def gather_crowd(session: Session, registry: Registry, size: int) -> Crowd:
    """Store `size` of everything that a page lists: entries, sheets, judges, prizes, acts, contests, accounts."""
    return _Gathering(session, registry, size).gather()


class _Gathering:
    """Three contests, in judging, in screening and published, among many others."""

    def __init__(self, session: Session, registry: Registry, size: int) -> None:
        self.session = session
        self.registry = registry
        self.size = size
        self.numbers = count(1)
        self.home = make_organisation(session, slug="home")
        self.people = {name: make_account(session) for name in ("contestant", "judge", "organiser", "administrator")}
        self.people["administrator"].is_administrator = True
        give_office(session, self.home, self.people["organiser"], "organiser")

    def gather(self) -> Crowd:
        self._others()
        judged = self._contest("judged", "judging", settings={"round-preliminary": {"warm_up": 40}})
        entries = self._entries(judged, "in-round", round="preliminary")
        judges = self._judges(judged, self.size)
        self._sheets(judged, entries, judges)
        self._pairs(entries)
        self._acts(judged, entries, judges)
        self._care(judged, entries)
        self._screening()
        self._published()
        return Crowd(
            emails={name: account.email for name, account in self.people.items()},
            tokens={
                name: make_token(self.session, account=account, name="crowd", scopes=SCOPES, now=datetime.now(UTC)).text
                for name, account in self.people.items()
            },
        )

    def _contest(self, slug: str, phase: str, **values: Any) -> Contest:
        return make_contest(self.session, self.registry, organisation=self.home, slug=slug, phase=phase, **values)

    def _add(self, model: type[Base], rows: Rows) -> Rows:
        for row in rows:
            row.setdefault("id", new_id())
        if rows:
            self.session.execute(insert(model), rows)
        return rows

    def _others(self) -> None:
        """Contests that only the lists of contests show, and organisations."""
        one = make_contest(self.session, self.registry, organisation=self.home, phase="open")
        copied = {
            column.key: getattr(one, column.key)
            for column in Contest.__mapper__.column_attrs
            if column.key not in ("id", "slug", "phase")
        }
        self._add(
            Contest,
            [
                {**copied, "slug": f"{phase}-{number}", "phase": phase}
                for phase in ("open", "published")
                for number in range(self.size)
            ],
        )
        self._add(
            Organisation,
            [{"slug": f"other-{number}", "name": f"Sở {number}", "created_at": NOW} for number in range(self.size)],
        )

    def _entries(self, contest: Contest, state: str, **values: Any) -> Rows:
        categories = [one.key for one in contest_rules(self.registry, contest).categories]
        rows = []
        for index in range(self.size):
            number = next(self.numbers)
            rows.append(
                {
                    "contest_id": contest.id, "owner_id": self.people["contestant"].id, "number": number,
                    "alias": f"e-{number:06d}", "title": f"Bài {number}", "unit": "THCS Mẫu 1",
                    "category": categories[index % len(categories)], "state": state,
                    "created_at": NOW, "changed_at": NOW,
                    "submitted_at": NOW - timedelta(days=index % 20), **values,
                }
            )  # fmt: skip
        self._add(Entry, rows)
        people = [
            {
                "entry_id": row["id"], "position": 0, "name": f"Nông Mẫu {row['number']}",
                "name_key": f"nông mẫu {row['number']}", "born": date(2008, 5, 4), "share": Decimal(100),
                "is_lead": True,
            }
            for row in rows
        ]  # fmt: skip
        self._add(EntryMember, people)
        return rows

    def _pairs(self, entries: Rows) -> None:
        """Each entry looks like the next one."""
        ids = sorted(entry["id"] for entry in entries)
        evidence = {"text": 400, "usual": 50, "title": 0, "pictures": [], "files": []}
        self._add(
            SimilarPair,
            [
                {
                    "first_id": first, "second_id": second, "score": 700, "reasons": "text", "evidence": evidence,
                    "found_at": NOW,
                }
                for first, second in pairwise(ids)
            ],
        )  # fmt: skip

    def _judges(self, contest: Contest, number: int) -> Rows:
        """Judges of all categories; the first is the one who signs in."""
        panel = make_panel(
            self.session, contest, categories=[one.key for one in contest_rules(self.registry, contest).categories]
        )
        accounts = self._add(
            Account,
            [
                {
                    "email": f"{contest.slug}-{index}@example.vn", "email_key": f"{contest.slug}-{index}@example.vn",
                    "name": f"Nông Giám Khảo {index}", "password_hash": password_hash(), "created_at": NOW,
                }
                for index in range(number - 1)
            ],
        )  # fmt: skip
        ids = [self.people["judge"].id, *(account["id"] for account in accounts)]
        judges = self._add(
            Judge,
            [
                {
                    "contest_id": contest.id, "account_id": account_id, "alias": f"j-{index:06d}", "capacity": 2000,
                    "created_at": NOW,
                }
                for index, account_id in enumerate(ids)
            ],
        )  # fmt: skip
        seats = [{"panel_id": panel.id, "judge_id": judge["id"], "is_chair": judge is judges[0]} for judge in judges]
        self._add(PanelSeat, seats)
        # The first step of declaring is done: what is counted are the lists of entries.
        self._add(UnitsAnswer, [{"judge_id": judges[0]["id"], "at": NOW}])
        return judges

    def _sheets(self, contest: Contest, entries: Rows, judges: Rows) -> None:
        """Every entry read by the first judge and by one other, whose marks are far apart; all are submitted."""
        judged = contest_rules(self.registry, contest).rounds[0]
        assigned, sheets = [], []
        for index, entry in enumerate(entries):
            other = judges[1 + index % (len(judges) - 1)]
            # Totals differ, so that few entries are tied, as among real judges.
            marked = [_marked(judged, Decimal(share + index % 50) / 100) for share in (50, 20)]
            for judge, sheet in zip((judges[0], other), marked, strict=True):
                row = _assignment(contest, entry, judge, position=index, state="submitted", sheet_version=1)
                assigned.append(row)
                sheets.append(
                    {
                        **sheet,
                        "assignment_id": row["id"],
                        "submitted_by_id": judge["account_id"],
                        "code": row["id"][:10],
                    }
                )
        self._add(Assignment, assigned)
        self._repeats(contest, assigned, sheets)
        add_places(self.session, contest, judged.key, [str(entry["id"]) for entry in entries])
        add_booths(self.session, contest, judged.key, [str(entry["id"]) for entry in entries])
        stored = self._add(SheetVersion, sheets)
        self._add(
            SheetOverride,
            [
                {
                    "contest_id": contest.id, "sheet_id": sheet["id"], "exclude": True, "marks": {}, "reason": "Mẫu",
                    "state": "proposed", "by_id": self.people["organiser"].id, "at": NOW,
                }
                for sheet in stored[::2]
            ],
        )  # fmt: skip

    def _repeats(self, contest: Contest, assigned: Rows, sheets: Rows) -> None:
        """Every reading was shown a second time, and marked the same."""
        self.session.add(RepeatPlan(contest_id=contest.id, round="preliminary", per_judge=1, seed="s", set_at=NOW))
        self.session.flush()
        self._add(
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

    def _acts(self, contest: Contest, entries: Rows, judges: Rows) -> None:
        self._add(
            AuditEvent,
            [
                {
                    "at": NOW, "contest_id": contest.id, "actor_id": judges[index]["account_id"],
                    "action": "sheet-submitted", "subject": "entry", "subject_id": entry["id"], "details": {},
                }
                for index, entry in enumerate(entries)
            ],
        )  # fmt: skip
        self._add(
            Conflict,
            [
                {
                    "contest_id": contest.id, "judge_id": judges[index]["id"], "entry_id": entries[index - 2]["id"],
                    "kind": "mentor", "source": "detected", "at": NOW,
                }
                for index in range(2, self.size)
            ],
        )  # fmt: skip
        self._add(
            ConflictStatement,
            [
                {
                    "contest_id": contest.id, "judge_id": judges[0]["id"], "unit": f"THPT Mẫu {index}",
                    "unit_key": f"thpt mau {index}", "kind": "child", "source": "declared", "at": NOW,
                    "reason": "", "withdrawn_reason": "",
                }
                for index in range(self.size)
            ],
        )  # fmt: skip
        self._add(
            ForcedAssignment,
            [
                {
                    "contest_id": contest.id, "round": "preliminary", "judge_id": judges[index]["id"],
                    "entry_id": entries[index - 2]["id"], "kinds": ["mentor"], "reason": "Mẫu", "state": "proposed",
                    "by_id": self.people["organiser"].id, "at": NOW,
                }
                for index in range(2, self.size)
            ],
        )  # fmt: skip

    def _care(self, contest: Contest, entries: Rows) -> None:
        """About each entry a letter, a request of its author, and an opening by the office, of this very day."""
        author, reader, today = self.people["contestant"], self.people["organiser"], datetime.now(UTC)
        self._add(
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
        self._add(
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
        self._add(
            DataRead,
            [
                {
                    "at": today, "account_id": reader.id, "contest_id": contest.id, "entry_id": entry["id"],
                    "what": "dossier",
                }
                for entry in entries
            ],
        )  # fmt: skip

    def _screening(self) -> None:
        """Entries that wait for the secretariat, and others that wait for judges and for declared conflicts."""
        contest = self._contest("waiting", "screening")
        self._entries(contest, "submitted")
        eligible = self._entries(contest, "eligible")
        judges = self._judges(contest, min(self.size, _PLANNERS))
        self._add(
            Assignment,
            [_assignment(contest, entry, judges[0], position=at) for at, entry in enumerate(eligible)],
        )

    def _published(self) -> None:
        contest = self._contest("published", "published")
        contest.published_at = NOW
        entries = self._entries(contest, "awarded", round="final")
        by = self.people["organiser"].id
        self._add(
            Prize,
            [
                {"contest_id": contest.id, "entry_id": entry["id"], "level": "consolation", "by_id": by, "at": NOW}
                for entry in entries
            ],
        )
        ranking = {
            "contest": contest.slug,
            "rounds": [{"key": "final", "standings": [_standing(entry, at) for at, entry in enumerate(entries, 1)]}],
            "prizes": [{"entry": entry["alias"], "level": "consolation", "board": ""} for entry in entries],
        }
        self.session.add(Publication(contest_id=contest.id, ranking=ranking, sha256="0" * 64, by_id=by, at=NOW))
        self.session.flush()


def _assignment(contest: Contest, entry: Mapping[str, Any], judge: Mapping[str, Any], **values: Any) -> dict[str, Any]:
    return {
        "id": new_id(), "contest_id": contest.id, "round": "preliminary", "entry_id": entry["id"],
        "judge_id": judge["id"], "assigned_at": NOW, "changed_at": NOW, "state": "assigned", **values,
    }  # fmt: skip


def _marked(judged: Round, share: Decimal) -> dict[str, Any]:
    marks = even_marks(judged, share)
    return {
        "number": 1, "marks": {key: str(mark) for key, mark in marks.items()}, "comments": {},
        "comment": "Ý tưởng rõ ràng.", "total": as_decimal_string(sheet_total(judged.rubric, marks)),
        "rubric_digest": digest(judged.rubric), "submitted_at": NOW,
    }  # fmt: skip


def _standing(entry: Mapping[str, Any], rank: int) -> dict[str, Any]:
    return {
        "entry": entry["alias"], "rank": rank, "score": "80.000000", "sheets": 3, "left_out": 0, "criteria": {},
        "tie": [],
    }  # fmt: skip
