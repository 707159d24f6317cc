"""An installation in which there is as much of everything as is asked for, stored in batches."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any

from judging.db.models import (
    Account,
    Assignment,
    Contest,
    Entry,
    EntryMember,
    Judge,
    Organisation,
    PanelSeat,
    Prize,
    Publication,
    SheetOverride,
    SheetVersion,
    UnitsAnswer,
)
from judging.services.access.api_tokens import SCOPES, make_token
from judging.services.contests.editions import contest_rules
from tests.factories import (
    NOW,
    give_office,
    make_account,
    make_contest,
    make_organisation,
    make_panel,
    password_hash,
)
from tests.web.crowd_acts import add_acts, add_care, add_pairs, add_repeats
from tests.web.crowd_rows import add_rows, assignment_row, marked_row, standing_row
from tests.web.leaks.live_world import add_booths, add_places

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry
    from tests.web.crowd_rows import Rows

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
        add_pairs(self.session, entries)
        add_acts(self.session, judged, entries, judges, by=self.people["organiser"])
        add_care(
            self.session, judged, entries, author=self.people["contestant"], reader=self.people["organiser"]
        )  # fmt: skip
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

    def _others(self) -> None:
        """Contests that only the lists of contests show, and organisations."""
        one = make_contest(self.session, self.registry, organisation=self.home, phase="open")
        copied = {
            column.key: getattr(one, column.key)
            for column in Contest.__mapper__.column_attrs
            if column.key not in ("id", "slug", "phase")
        }
        add_rows(
            self.session,
            Contest,
            [
                {**copied, "slug": f"{phase}-{number}", "phase": phase}
                for phase in ("open", "published")
                for number in range(self.size)
            ],
        )
        add_rows(
            self.session,
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
        add_rows(self.session, Entry, rows)
        people = [
            {
                "entry_id": row["id"], "position": 0, "name": f"Nông Mẫu {row['number']}",
                "name_key": f"nông mẫu {row['number']}", "born": date(2008, 5, 4), "share": Decimal(100),
                "is_lead": True,
            }
            for row in rows
        ]  # fmt: skip
        add_rows(self.session, EntryMember, people)
        return rows

    def _judges(self, contest: Contest, number: int) -> Rows:
        """Judges of all categories; the first is the one who signs in."""
        panel = make_panel(
            self.session, contest, categories=[one.key for one in contest_rules(self.registry, contest).categories]
        )
        accounts = add_rows(
            self.session,
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
        judges = add_rows(
            self.session,
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
        add_rows(self.session, PanelSeat, seats)
        # The first step of declaring is done: what is counted are the lists of entries.
        add_rows(self.session, UnitsAnswer, [{"judge_id": judges[0]["id"], "at": NOW}])
        return judges

    def _sheets(self, contest: Contest, entries: Rows, judges: Rows) -> None:
        """Every entry read by the first judge and by one other, whose marks are far apart; all are submitted."""
        judged = contest_rules(self.registry, contest).rounds[0]
        assigned, sheets = [], []
        for index, entry in enumerate(entries):
            other = judges[1 + index % (len(judges) - 1)]
            # Totals differ, so that few entries are tied, as among real judges.
            marked = [marked_row(judged, Decimal(share + index % 50) / 100) for share in (50, 20)]
            for judge, sheet in zip((judges[0], other), marked, strict=True):
                row = assignment_row(contest, entry, judge, position=index, state="submitted", sheet_version=1)
                assigned.append(row)
                sheets.append(
                    {
                        **sheet,
                        "assignment_id": row["id"],
                        "submitted_by_id": judge["account_id"],
                        "code": row["id"][:10],
                    }
                )
        add_rows(self.session, Assignment, assigned)
        add_repeats(self.session, contest, assigned, sheets)
        add_places(self.session, contest, judged.key, [str(entry["id"]) for entry in entries])
        add_booths(self.session, contest, judged.key, [str(entry["id"]) for entry in entries])
        stored = add_rows(self.session, SheetVersion, sheets)
        add_rows(
            self.session,
            SheetOverride,
            [
                {
                    "contest_id": contest.id, "sheet_id": sheet["id"], "exclude": True, "marks": {}, "reason": "Mẫu",
                    "state": "proposed", "by_id": self.people["organiser"].id, "at": NOW,
                }
                for sheet in stored[::2]
            ],
        )  # fmt: skip

    def _screening(self) -> None:
        """Entries that wait for the secretariat, and others that wait for judges and for declared conflicts."""
        contest = self._contest("waiting", "screening")
        self._entries(contest, "submitted")
        eligible = self._entries(contest, "eligible")
        judges = self._judges(contest, min(self.size, _PLANNERS))
        add_rows(
            self.session,
            Assignment,
            [assignment_row(contest, entry, judges[0], position=at) for at, entry in enumerate(eligible)],
        )

    def _published(self) -> None:
        contest = self._contest("published", "published")
        contest.published_at = NOW
        entries = self._entries(contest, "awarded", round="final")
        by = self.people["organiser"].id
        add_rows(
            self.session,
            Prize,
            [
                {"contest_id": contest.id, "entry_id": entry["id"], "level": "consolation", "by_id": by, "at": NOW}
                for entry in entries
            ],
        )
        ranking = {
            "contest": contest.slug,
            "rounds": [{"key": "final", "standings": [standing_row(entry, at) for at, entry in enumerate(entries, 1)]}],
            "prizes": [{"entry": entry["alias"], "level": "consolation", "board": ""} for entry in entries],
        }
        self.session.add(Publication(contest_id=contest.id, ranking=ranking, sha256="0" * 64, by_id=by, at=NOW))
        self.session.flush()
