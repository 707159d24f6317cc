"""What the demo year holds, and that its entries keep the rules of their contests."""

from __future__ import annotations

import io
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from judging.db.models import (
    Account,
    Assignment,
    AuditEvent,
    Conflict,
    Consent,
    Contest,
    Entry,
    EntryFile,
    EntryMember,
    Judge,
    Prize,
    Publication,
    SheetVersion,
)
from judging.demo import DemoYear, Size, Stage, create_demo
from judging.domain.sheet_states import SheetState
from judging.errors import Conflict as Refusal
from judging.services.access.accounts import password_fits
from judging.services.contests.editions import contest_rules, why_suspended
from judging.services.entries.consents import publishable_names
from judging.services.entries.eligibility import check_entry
from judging.services.platform import Platform
from judging.services.results.standings import round_standings
from judging.services.upkeep.check import check_installation
from tests.demo.made import NOW, made_once, make_demo, opened

ENTRIES = {"youth-creativity-2021": 128, "technical-innovation-2021": 47, "startup-2021": 56}


def contest_of(session: Session, slug: str) -> Contest:
    return session.scalars(select(Contest).where(Contest.slug == slug)).one()


def count_states(session: Session, slug: str) -> Counter[str]:
    contest = contest_of(session, slug)
    return Counter(session.scalars(select(Entry.state).where(Entry.contest_id == contest.id)))


def test_demo_has_the_figures_of_the_year(demo_year: DemoYear) -> None:
    assert {contest.slug: contest.entries for contest in demo_year.contests} == ENTRIES
    assert [contest.phase for contest in demo_year.contests] == ["published", "judging", "open"]


def test_demo_tells_one_account_for_each_role_that_signs_in(demo_year: DemoYear, demo_session: Session) -> None:
    roles = ["administrator", "organiser", "secretary", "judge", "chair", "contestant", "guardian", "auditor"]
    assert [account.role for account in demo_year.accounts] == roles
    for told in demo_year.accounts:
        account = demo_session.scalars(select(Account).where(Account.email == told.email)).one()
        assert password_fits(account, told.password)
    other = demo_session.scalars(select(Account).where(Account.email == "giamkhao-001@example.vn")).one()
    assert password_fits(other, demo_year.others_password)


def test_youth_contest_has_its_categories_and_prizes(demo_session: Session) -> None:
    contest = contest_of(demo_session, "youth-creativity-2021")
    categories = Counter(demo_session.scalars(select(Entry.category).where(Entry.contest_id == contest.id)))
    assert categories == {
        "learning-aids": 21, "software": 4, "environment": 40, "household-toys": 46, "climate-economy": 17,
    }  # fmt: skip
    prizes = Counter(demo_session.scalars(select(Prize.level).where(Prize.contest_id == contest.id)))
    assert prizes == {"first": 1, "second": 2, "third": 3, "consolation": 15}
    assert count_states(demo_session, contest.slug) == {"awarded": 21, "not-awarded": 98, "ineligible": 9}


def test_technical_contest_is_partly_scored(demo_session: Session) -> None:
    contest = contest_of(demo_session, "technical-innovation-2021")
    states = Counter(demo_session.scalars(select(Assignment.state).where(Assignment.contest_id == contest.id)))
    assert states["recused"] == 1
    assert min(states["submitted"], states["draft"], states["assigned"]) > 5


def test_startup_contest_is_open_with_both_tracks(demo_session: Session) -> None:
    contest = contest_of(demo_session, "startup-2021")
    tracks = set(demo_session.scalars(select(Entry.division).where(Entry.contest_id == contest.id)))
    assert tracks == {"idea", "project"}
    assert contest.closes_at is not None
    assert NOW < contest.closes_at < NOW + timedelta(days=22)
    states = count_states(demo_session, contest.slug)
    assert states == {"draft": 14, "submitted": 38, "returned": 2, "withdrawn": 2}


def test_every_entry_handed_in_passes_the_checks_of_its_contest(demo_session: Session, demo_platform: Platform) -> None:
    query = select(Entry).where(Entry.submitted_at.is_not(None)).options(
        selectinload(Entry.members), selectinload(Entry.files), selectinload(Entry.contest)
    )  # fmt: skip
    entries = demo_session.scalars(query).all()
    assert len(entries) > 200
    for entry in entries:
        assert entry.submitted_at is not None
        problems = check_entry(demo_session, registry=demo_platform.registry, entry=entry, now=entry.submitted_at)
        assert [str(problem) for problem in problems] == [], entry.title


def test_rules_of_every_contest_are_in_force(demo_session: Session, demo_platform: Platform) -> None:
    for contest in demo_session.scalars(select(Contest)):
        assert why_suspended(demo_platform.registry, contest) is None


def test_files_are_what_they_say(demo_session: Session, demo_platform: Platform) -> None:
    newest: dict[str, EntryFile] = {}
    for file in demo_session.scalars(select(EntryFile).order_by(EntryFile.id).limit(200)):
        newest[file.media_type] = file
    assert set(newest) == {"application/pdf", "image/png"}
    with demo_platform.files.open(newest["application/pdf"].key) as stored, pikepdf.open(stored) as paper:
        assert len(paper.pages) == newest["application/pdf"].pages
    with demo_platform.files.open(newest["image/png"].key) as stored:
        picture = Image.open(io.BytesIO(stored.read()))
        picture.load()
    assert picture.format == "PNG"


def test_a_tie_break_decided_a_place_near_the_top(demo_session: Session, demo_platform: Platform) -> None:
    contest = contest_of(demo_session, "youth-creativity-2021")
    standings = round_standings(demo_session, registry=demo_platform.registry, contest=contest, round_key="final")
    decided_by = {decision.key for one in standings[:14] for decision in one.tie}
    assert "criterion:novelty" in decided_by
    assert decided_by <= set(demo_platform.registry.rules(contest.kind).tie_breaks)


def test_a_gap_was_discussed_and_both_versions_are_kept(demo_session: Session, demo_platform: Platform) -> None:
    (again,) = demo_session.scalars(select(SheetVersion).where(SheetVersion.number == 2)).all()
    first = demo_session.scalars(
        select(SheetVersion).where(SheetVersion.assignment_id == again.assignment_id, SheetVersion.number == 1)
    ).one()
    reading = demo_session.get_one(Assignment, again.assignment_id)
    others = demo_session.scalars(
        select(SheetVersion.total)
        .join(Assignment, Assignment.id == SheetVersion.assignment_id)
        .where(Assignment.entry_id == reading.entry_id, Assignment.round == reading.round, Assignment.id != reading.id)
    ).all()
    assert max(Decimal(total) - Decimal(first.total) for total in others) > 20
    assert max(abs(Decimal(total) - Decimal(again.total)) for total in others) <= 20
    reopened = select(func.count()).where(AuditEvent.action == "sheet-reopened", AuditEvent.subject_id == reading.id)
    assert demo_session.scalar(reopened) == 1


def test_conflicts_are_declared_and_found_and_keep_judges_away(demo_session: Session) -> None:
    assert {"declared", "detected"} <= set(demo_session.scalars(select(Conflict.source)))
    counted = (
        select(func.count())
        .select_from(Assignment)
        .join(Conflict, (Conflict.judge_id == Assignment.judge_id) & (Conflict.entry_id == Assignment.entry_id))
        .where(Assignment.state == SheetState.SUBMITTED)
    )
    assert demo_session.scalar(counted) == 0


def test_a_judge_who_never_came_is_written_off(demo_session: Session) -> None:
    absent = set(demo_session.scalars(select(Assignment.judge_id).where(Assignment.state == SheetState.WRITTEN_OFF)))
    assert len(absent) == 1
    states = set(demo_session.scalars(select(Assignment.state).where(Assignment.judge_id.in_(absent))))
    assert states == {"written-off"}


def test_some_names_may_be_published_and_others_not(demo_session: Session, demo_platform: Platform) -> None:
    contest = contest_of(demo_session, "youth-creativity-2021")
    entries = demo_session.scalars(select(Entry).where(Entry.contest_id == contest.id, Entry.state == "awarded")).all()
    names = publishable_names(demo_session, entries=entries, rules=contest_rules(demo_platform.registry, contest))
    assert 8 < sum(1 for shown in names.values() if shown) < 21


def test_demo_contestant_has_entries_in_many_states(demo_session: Session) -> None:
    owner = demo_session.scalars(select(Account).where(Account.email == "thisinh@example.vn")).one()
    states = set(demo_session.scalars(select(Entry.state).where(Entry.owner_id == owner.id)))
    assert states >= {"draft", "submitted", "returned", "withdrawn", "ineligible", "in-round", "not-awarded"}


def test_demo_judge_has_work_left_and_work_done(demo_session: Session) -> None:
    account = demo_session.scalars(select(Account).where(Account.email == "giamkhao@example.vn")).one()
    contest = contest_of(demo_session, "technical-innovation-2021")
    states = set(
        demo_session.scalars(
            select(Assignment.state)
            .join(Judge, Judge.id == Assignment.judge_id)
            .where(Judge.account_id == account.id, Assignment.contest_id == contest.id)
        )
    )
    assert states >= {"assigned", "draft", "submitted"}


def test_all_that_happened_lies_in_2021(demo_session: Session) -> None:
    moments = [
        *demo_session.scalars(select(AuditEvent.at)),
        *demo_session.scalars(select(SheetVersion.submitted_at)),
        *demo_session.scalars(select(Publication.at)),
        *demo_session.scalars(select(Consent.given_at)),
    ]
    assert {moment.year for moment in moments} == {2021}


def test_no_two_people_share_a_name(demo_session: Session) -> None:
    names = Counter(demo_session.scalars(select(EntryMember.name)))
    assert [name for name, times in names.items() if times > 1] == []


def content(session: Session) -> list[tuple[object, ...]]:
    entries = select(Entry.id, Entry.alias, Entry.title, Entry.answers, Entry.state).order_by(Entry.id)
    sheets = select(SheetVersion.id, SheetVersion.marks, SheetVersion.comment, SheetVersion.code)
    return [tuple(row) for row in (*session.execute(entries), *session.execute(sheets.order_by(SheetVersion.id)))]


def test_same_seed_gives_the_same_year(demo_session: Session, tmp_path: Path) -> None:
    make_demo(tmp_path / "again")
    with opened(tmp_path / "again") as again, again.database.reading() as session:
        assert content(session) == content(demo_session)


@pytest.mark.parametrize("stage", list(Stage))
def test_all_contests_stand_at_the_stage_that_was_asked_for(stage: Stage) -> None:
    folder, year = made_once(seed=3, stage=stage)
    assert {contest.phase for contest in year.contests} == {stage.value}
    # Another seed than that of the other tests gives other passwords.
    assert year.others_password != made_once()[1].others_password
    assert {contest.slug: contest.entries for contest in year.contests} == ENTRIES
    with opened(folder) as platform:
        broken = [finding for finding in check_installation(platform) if not finding.ok]
    assert broken == []


def test_demo_holds_on_either_database_and_is_made_only_once(platform: Platform) -> None:
    create_demo(platform, size=Size.PROVINCE, seed=5, now=NOW)
    findings = check_installation(platform)
    assert [finding for finding in findings if not finding.ok] == []
    # In the demo nobody was erased, and no sheet was decided over.
    nothing = {"database", "erasures", "overrides"}
    assert min(finding.count for finding in findings if finding.name not in nothing) > 0
    with pytest.raises(Refusal):
        create_demo(platform, size=Size.PROVINCE, seed=5, now=NOW)
