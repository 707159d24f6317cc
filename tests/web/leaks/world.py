"""A contest in the middle of judging in which everything that somebody may not see carries a word of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from judging.db.models import Conflict, Prize, Publication, SheetAside, SheetNote
from judging.domain.rules import Document
from judging.domain.structure import digest, to_plain
from judging.domain.totals import as_decimal_string
from judging.services.access.api_tokens import SCOPES, make_token
from judging.services.contests.editions import contest_rules
from judging.services.results.tallies import count_tally, stored_tally
from judging.services.score_log.opening import ensure_log
from tests.factories import (
    NOW,
    even_marks,
    give_office,
    give_role,
    make_account,
    make_assignment,
    make_contest,
    make_entry,
    make_judge,
    make_organisation,
    make_panel,
    make_sheet,
)
from tests.web.leaks.canaries import BY_LINK, OFFICE, ROLES
from tests.web.leaks.live_world import hold_live_round
from tests.web.leaks.neighbours import SECOND, add_neighbours, add_unfinished, sealed_values
from tests.web.leaks.world_acts import add_decisions, add_letters, add_privacy
from tests.web.leaks.world_files import add_files, add_upload

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Account, Assignment, Contest, Entry, Judge, Organisation
    from judging.services.platform import Platform

TODAY = NOW + timedelta(hours=5)


@dataclass(kw_only=True)
class World:
    """What addresses are made of, and who the visitors are."""

    emails: dict[str, str] = field(default_factory=dict)
    contest: str = ""
    slugs: list[str] = field(default_factory=list)
    entries: dict[str, str] = field(default_factory=dict)
    assignments: dict[str, str] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    judges: list[str] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    rounds: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    prize: str = ""
    override: str = ""
    room: str = ""
    statement: str = ""
    forced: str = ""
    messages: list[str] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)
    request: str = ""
    export: str = ""
    hold: str = ""
    breach: str = ""
    members: list[str] = field(default_factory=list)
    sealed: dict[str, str] = field(default_factory=dict)


def build_world(session: Session, platform: Platform) -> World:
    """Store the contest with all its people; returns what tests refer to."""
    return _Builder(session, platform).build()


class _Builder:
    """Makes one part after the other; each needs those before it."""

    def __init__(self, session: Session, platform: Platform) -> None:
        self.session = session
        self.platform = platform
        self.world = World()
        self.home: Organisation = make_organisation(session, slug="home")
        self.people: dict[str, Account] = {}
        self.judges: dict[str, Judge] = {}

    def build(self) -> World:
        self._people()
        self.contest = self._contest()
        self.judged = contest_rules(self.platform.registry, self.contest).rounds[0]
        self._panels()
        entries = self._entries()
        self.world.files, self.world.pictures = add_files(self.session, self.platform.files, entries["a"])
        self.world.uploads = [add_upload(self.session, entries[name]) for name in ("a", "c")]
        self._sheets(entries)
        self._decisions(entries)
        self._privacy(entries["a"])
        add_neighbours(self.session, people=self.people, entries=entries)
        self.world.sealed = sealed_values(self.platform.settings)
        of_others = self._elsewhere()
        # Begun late, from the rows as they stand: its addresses have something to tell then.
        ensure_log(self.session, self.contest, now=NOW)
        self.session.flush()
        self._publication(entries)
        self.world.entries = {name: entry.id for name, entry in [*entries.items(), ("of-others", of_others)]}
        self.world.judges = [judge.id for judge in self.judges.values()]
        self.world.tokens = {role: self._token(account) for role, account in self.people.items()}
        self.world.emails = {role: account.email for role, account in self.people.items()}
        return self.world

    def _people(self) -> None:
        special: dict[str, dict[str, Any]] = {
            "contestant_a": {"name": "zq-account-of-a"},
            "judge_1": {"name": "zq-name-of-1", "email": "zq-mail-of-1@example.vn"},
            "administrator": {"is_administrator": True},
            # An account is known by its address; that an entry names the same one gives no right to it.
            "co_author": {"name": "Mẫu đồng tác giả", "email": "zq-author-mail@example.vn"},
        }
        for role in (one for one in ROLES[1:] if one not in BY_LINK):
            self.people[role] = make_account(self.session, **special.get(role, {"name": f"Mẫu {role}"}))
        for role in sorted(OFFICE):
            give_office(self.session, self.home, self.people[role], role)

    def _token(self, account: Account) -> str:
        """A token for everything that the person may do, used just now: the next use need not be written down."""
        made = make_token(self.session, account=account, name="leaks", scopes=SCOPES, now=TODAY)
        made.row.seen_at = TODAY
        return made.text

    def _contest(self) -> Contest:
        made = make_contest(
            self.session, self.platform.registry, organisation=self.home, phase="judging", slug="judged",
            closes_at=NOW - timedelta(days=10),
        )  # fmt: skip
        rules = contest_rules(self.platform.registry, made)
        paper = Document(key="certificate", label="Certificate", for_authors=True)
        rules = replace(rules, documents=(paper,))
        made.rules, made.rules_digest = to_plain(rules), digest(rules)
        self.world.contest = made.id
        self.world.slugs.append(made.slug)
        self.world.rounds = [one.key for one in rules.rounds]
        self.world.documents = [one.key for one in rules.documents]
        return made

    def _panels(self) -> None:
        first = make_panel(self.session, self.contest, categories=("software",))
        second = make_panel(self.session, self.contest, categories=("environment",))
        for role in ("judge_1", "judge_2", "judge_3", "judge_recused"):
            self._judge(role, panel=first)
        self._judge("judge_other_panel", panel=second, is_chair=True)
        self._judge("chair", panel=first, is_chair=True)
        self._judge("judge_dismissed", panel=first, is_active=False)
        # Invited and not come in yet: there is no password.
        self._judge("judge_invited", panel=second, account=make_account(self.session, password_hash=""))
        # An office of this contest alone, beside a seat among its judges.
        self._judge("organiser_who_judges", panel=second)
        give_role(self.session, self.contest, self.people["organiser_who_judges"], "organiser")

    def _judge(self, role: str, **values: Any) -> None:
        self.judges[role] = make_judge(
            self.session, self.contest, **{"account": self.people.get(role), **values}
        )  # fmt: skip

    def _entries(self) -> dict[str, Entry]:
        read = {"state": "in-round", "round": self.judged.key}
        author = {
            "name": "zq-author-name", "born": date(2008, 5, 4), "email": "zq-author-mail@example.vn",
            "unit": "zq-school",
        }  # fmt: skip
        answers = {"idea": "Lọc nước", "mentor": "zq-mentor", "school": "zq-school", "adult_help": "zq-mentor"}
        b = self.people["contestant_b"]
        return {
            "a": self._entry(self.people["contestant_a"], members=[author, SECOND], title="zq-title-a",
                             unit="zq-school", category="software", answers=answers, **read),
            "b": self._entry(b, title="Đèn ngủ mẫu", category="environment", **read),
            "c": self._entry(b, title="zq-draft-title", category="software", state="draft", submitted_at=None,
                             answers={"idea": "zq-draft-idea"}),
            "d": self._entry(b, title="Máy gieo mẫu", category="software", state="returned"),
            "e": self._entry(make_account(self.session), title="Xe đẩy mẫu", category="software", **read),
        }  # fmt: skip

    def _entry(self, owner: Account, **values: Any) -> Entry:
        return make_entry(self.session, self.contest, owner=owner, **values)

    def _sheets(self, entries: dict[str, Entry]) -> None:
        # Their mean, 64.25, stands nowhere by chance.
        for role, share in (("judge_1", "0.615"), ("judge_2", "0.67")):
            self._read("a", entries, role, share=share, comment=f"zq-comment-of-{role[-1]}. Chạy tốt.")
        waiting = self._read("a", entries, "judge_3", submit=False)
        waiting.state, waiting.comment, waiting.draft_version = "draft", "zq-draft-of-3", 1
        self.session.add_all(
            [
                SheetNote(assignment_id=waiting.id, text="zq-note-of-3", changed_at=NOW),
                SheetAside(assignment_id=waiting.id, kind="other", words="zq-aside-of-3", at=NOW),
            ]
        )
        self._read("b", entries, "judge_other_panel", share="0.7")
        for role in ("judge_1", "judge_2", "judge_3"):
            self._read("e", entries, role, share="0.9")
        gone = self._read("a", entries, "judge_dismissed", submit=False)
        gone.state = "reassigned"
        recused = self._read("a", entries, "judge_recused", submit=False)
        recused.state, recused.reason = "recused", "zq-recusal-reason"
        self.session.add(
            Conflict(
                contest_id=self.contest.id, judge_id=recused.judge_id, entry_id=recused.entry_id, kind="other",
                source="declared", reason="zq-recusal-reason", by_id=self.people["judge_recused"].id, at=NOW,
            )
        )  # fmt: skip

    def _read(
        self, name: str, entries: dict[str, Entry], role: str, *, submit: bool = True, share: str = "0.8",
        comment: str = "Rõ ràng. Dễ làm theo.",
    ) -> Assignment:  # fmt: skip
        made = make_assignment(self.session, entries[name], self.judges[role], round_key=self.judged.key)
        self.world.assignments[f"{name}-{role}"] = made.id
        if submit:
            marks = even_marks(self.judged, Decimal(share))
            self.world.sheets[f"{name}-{role}"] = make_sheet(
                self.session, made, self.judged, marks=marks, comment=comment
            ).id
        return made

    def _decisions(self, entries: dict[str, Entry]) -> None:
        decided = add_decisions(
            self.session, self.contest, people=self.people, entries=entries, judges=self.judges,
            sheet=self.world.sheets["e-judge_1"],
        )  # fmt: skip
        self.world.prize, self.world.override = decided["prize"], decided["override"]
        self.world.statement, self.world.forced = decided["statement"], decided["forced"]
        self.world.room = hold_live_round(self.session, self.contest, self.judged.key, entries)
        self.world.messages = add_letters(self.session, entries["a"], people=self.people)

    def _privacy(self, entry: Entry) -> None:
        """A request, an archive that is ready, a hold and a breach: each of somebody, and nobody else's."""
        made = add_privacy(
            self.session, self.platform.files, entry, owner=self.people["contestant_a"],
            by=self.people["administrator"], today=TODAY,
        )  # fmt: skip
        self.world.request, self.world.export = made["request"], made["export"]
        self.world.hold, self.world.breach = made["hold"], made["breach"]
        self.world.members = [member.id for member in entry.members]

    def _elsewhere(self) -> Entry:
        """Contests besides; returns a draft in one of them, the only entry that is not of ours."""
        other = make_organisation(self.session, slug="elsewhere")
        self.world.organisations = [self.home.id, other.id]
        give_office(self.session, other, self.people["auditor_elsewhere"], "auditor")
        give_office(self.session, other, self.people["organiser_elsewhere"], "organiser")
        hidden = "zq-contest-in-preparation"
        registry = self.platform.registry
        coming = make_contest(
            self.session, registry, organisation=self.home, slug="in-preparation", phase="draft", title=hidden,
            title_en=hidden,
        )  # fmt: skip
        of_others = make_contest(self.session, registry, organisation=other, slug="of-others", phase="open")
        self.world.slugs += [coming.slug, of_others.slug]
        make_judge(self.session, of_others, account=self.people["judge_elsewhere"])
        draft = make_entry(
            self.session, of_others, owner=self.people["contestant_b"], state="draft", submitted_at=None,
            title="Bản nháp mẫu",
        )  # fmt: skip
        add_unfinished(self.session, draft=draft, office=self.people["organiser_elsewhere"])
        return draft

    def _publication(self, entries: dict[str, Entry]) -> None:
        """A ranking lies ready, as after a contest was taken back a step; its phase alone keeps it from the public."""
        prize = self.session.get_one(Prize, self.world.prize)
        registry = self.platform.registry
        tally = stored_tally(self.session, registry=registry, contest=self.contest, prizes=[prize])
        counted = count_tally(registry, self.contest, tally)
        standings = counted.standings
        self.session.add(
            Publication(
                contest_id=self.contest.id, ranking=json.loads(counted.ranking),
                sha256="0" * 64, by_id=self.people["organiser"].id, at=datetime(2021, 10, 20, 4, tzinfo=UTC),
            )
        )  # fmt: skip
        assert {one.entry for one in standings[self.judged.key]} >= {entries["e"].alias}
        assert as_decimal_string(standings[self.judged.key][0].score.value)
