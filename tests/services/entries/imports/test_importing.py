"""What a table does to a contest: matching, preview, writing, and nothing at the second time."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Account, AuditEvent, Contest, Entry, ImportedEntry, Job, Receipt
from judging.domain.addresses import PAPER_DOMAIN
from judging.domain.importing.columns import match_columns, match_name
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.contests.editions import rules_in_force
from judging.services.entries.imports.applying import Imported, apply_import
from judging.services.entries.imports.planning import Fate, ImportPlan, plan_import
from judging.services.entries.imports.targets import targets_of
from judging.services.entries.imports.words import words_of
from judging.services.letters import LETTER_JOB, send_letter
from judging.services.tables.reading import read_table
from judging.services.tables.table import Table
from tests.factories import NOW, make_account, make_contest, make_entry

HEAD = "STT;Mã hồ sơ;Tên sản phẩm;Lĩnh vực;Tác giả;Ngày sinh;Trường;Tỷ lệ đóng góp (%);Ý tưởng;Ngày nộp\n"
FIRST = "1;LS-01;Bộ lọc nước;2. Phần mềm tin học;Nông Mẫu An;4/5/2008;THCS Mẫu;100;Lọc nước suối;20/9/2021\n"
SECOND = "2;LS-02;Đèn đọc sách;Software;Trần Mẫu Bình;1/1/2009;THPT Mẫu;60;Đèn tự tắt;\n"
ITS_OTHER = ";;;;Lê Mẫu Chi;2/2/2009;THPT Mẫu;40;;\n"
OTHERS = {"Software": list("12345"), "2009": ["2008", "2009"]}
TABLE = HEAD + FIRST + SECOND + ITS_OTHER


@dataclass
class Desk:
    session: Session
    registry: Registry
    contest: Contest
    actor: Actor

    def read(self, text: str) -> tuple[Table, tuple[str, ...]]:
        targets = targets_of(rules_in_force(self.registry, self.contest), words_of(self.registry, self.contest.kind))
        table = read_table(text.encode(), is_name=lambda name: bool(match_name(name, targets)))
        return table, match_columns(table.head.cells, targets)

    def plan(self, text: str) -> ImportPlan:
        table, columns = self.read(text)
        return plan_import(
            self.session, registry=self.registry, contest=self.contest, table=table, columns=columns, locale="vi"
        )

    def apply(
        self, text: str, *, seal: str | None = None, only_sound: bool = False, actor: Actor | None = None
    ) -> Imported:
        table, columns = self.read(text)
        done = apply_import(
            self.session, registry=self.registry, contest=self.contest, table=table, columns=columns, locale="vi",
            seal=seal, only_sound=only_sound, actor=actor or self.actor, now=NOW,
        )  # fmt: skip
        self.session.flush()
        return done

    def entries(self) -> list[Entry]:
        query = select(Entry).where(Entry.contest_id == self.contest.id).order_by(Entry.number)
        return list(self.session.scalars(query))


@pytest.fixture
def desk(session: Session, registry: Registry) -> Desk:
    contest = make_contest(session, registry, phase="open")
    return Desk(
        session, registry, contest, Actor(account_id=make_account(session).id, roles=frozenset({Role.SECRETARY}))
    )


def faults(plan: ImportPlan) -> list[tuple[int, str]]:
    return [(fault.row, fault.target) for one in plan.planned for fault in one.faults]


def test_columns_are_told_in_both_languages_and_running_numbers_are_not(desk: Desk) -> None:
    _table, columns = desk.read(TABLE)
    assert columns == (
        "", "key", "title", "category", "author-name", "author-born", "answer-school", "author-share", "answer-idea",
        "received",
    )  # fmt: skip


def test_new_entries_are_made_as_the_table_has_them(desk: Desk) -> None:
    done = desk.apply(TABLE)

    assert done == Imported(made=2, changed=0, unchanged=0, refused=0)
    first, second = desk.entries()
    assert (first.title, first.category, first.state) == ("Bộ lọc nước", "software", "submitted")
    assert first.answers["school"] == "THCS Mẫu"
    assert first.answers["idea"] == "Lọc nước suối"
    assert first.submitted_at is not None
    assert first.submitted_at.isoformat() == "2021-09-20T16:59:59+00:00"
    assert [(each.name, str(each.share), each.is_lead) for each in second.members] == [
        ("Trần Mẫu Bình", "60", True),
        ("Lê Mẫu Chi", "40", False),
    ]
    assert second.submitted_at == NOW
    assert len(desk.session.scalars(select(Receipt)).all()) == 2
    assert desk.session.scalars(select(ImportedEntry.key).order_by(ImportedEntry.key)).all() == ["LS-01", "LS-02"]
    made = desk.session.scalars(select(AuditEvent).where(AuditEvent.action == "entry-imported")).all()
    assert "files-missing" in made[0].details["gaps"]


def test_same_table_again_changes_nothing(desk: Desk) -> None:
    desk.apply(TABLE)
    versions = [entry.version for entry in desk.entries()]
    events = len(desk.session.scalars(select(AuditEvent)).all())

    assert desk.apply(TABLE) == Imported(made=0, changed=0, unchanged=2, refused=0)
    assert [entry.version for entry in desk.entries()] == versions
    assert len(desk.session.scalars(select(AuditEvent)).all()) == events


@pytest.mark.parametrize("seed", range(6))
def test_any_table_settles_after_one_import(desk: Desk, seed: int) -> None:
    draw = random.Random(seed)
    table = TABLE
    for text in ("Bộ lọc", "Đèn", "Lê Mẫu", "Nông Mẫu", "THPT Mẫu", "suối", "2009", "Software"):
        table = table.replace(text, draw.choice(OTHERS.get(text, [text, "An Khê"])))
    desk.apply(TABLE)
    first = desk.apply(table)
    assert first.refused == 0
    second = desk.apply(table)
    assert (second.made, second.changed) == (0, 0)


def test_changed_cells_are_shown_and_written_and_blank_ones_leave_what_is_there(desk: Desk) -> None:
    desk.apply(TABLE)
    table = "Mã hồ sơ;Tên sản phẩm;Lĩnh vực;Ý tưởng\nls 01;Bộ lọc nước suối;;\n"

    planned = desk.plan(table).planned[0]
    assert planned.fate is Fate.CHANGED
    assert [(change.target, change.before, change.after) for change in planned.changes] == [
        ("title", "Bộ lọc nước", "Bộ lọc nước suối")
    ]
    desk.apply(table)
    entry = desk.entries()[0]
    assert (entry.title, entry.category, entry.answers["idea"]) == ("Bộ lọc nước suối", "software", "Lọc nước suối")
    assert [each.name for each in entry.members] == ["Nông Mẫu An"]


def test_entries_are_known_by_code_and_by_title_with_lead(desk: Desk) -> None:
    entry = make_entry(desk.session, desk.contest, state="submitted", title="Xe đạp nước")
    code = f"ST-{entry.number:03d}"

    by_code = desk.plan(f"Code;Title\n{code};Xe đạp nổi\n").planned[0]
    by_name = desk.plan("Title;Author;Category\nxe  đạp NƯỚC;Nông Mẫu Bình;5\n").planned[0]

    assert (by_code.entry, by_code.fate) == (entry, Fate.CHANGED)
    assert by_name.entry is entry


def test_entries_that_look_alike_are_told_apart_by_a_person(desk: Desk) -> None:
    make_entry(desk.session, desk.contest, state="submitted", title="Xe đạp nước")
    make_entry(desk.session, desk.contest, state="submitted", title="Xe đạp nước")
    assert faults(desk.plan("Title;Author\nXe đạp nước;Nông Mẫu Bình\n")) == [(2, "title")]


def test_another_office_number_means_another_entry(desk: Desk) -> None:
    desk.apply(HEAD + FIRST)
    plan = desk.plan(HEAD + FIRST + FIRST.replace("LS-01", "LS-09"))
    assert [one.fate for one in plan.planned] == [Fate.UNCHANGED, Fate.NEW]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (";LS-03;;2;Nông Mẫu An;4/5/2008;;;;", (2, "title")),
        (";LS-03;Tên;2;;;;;;", (2, "author-name")),
        (";LS-03;Tên;Nấu ăn;Nông Mẫu An;;;;;", (2, "category")),
        (";LS-03;Tên;2;Nông Mẫu An;31/2/2008;;;;", (2, "author-born")),
        (";LS-03;Tên;2;Nông Mẫu An, Lê Chi;4/5/2008;;;;", (2, "author-born")),
        (";LS-03;Tên;2;Nông Mẫu An;;;nhiều;;", (2, "author-share")),
        (";LS-03;Tên;2;Nông Mẫu An;;;;;hôm qua", (2, "received")),
    ],
)
def test_what_cannot_be_read_is_told_by_row_and_column(desk: Desk, row: str, expected: tuple[int, str]) -> None:
    plan = desk.plan(HEAD + row + "\n")
    assert plan.count(Fate.REFUSED) == 1
    assert faults(plan) == [expected]


def test_refused_row_stops_everything_unless_sound_ones_are_wanted(desk: Desk) -> None:
    table = TABLE + "3;LS-03;Tên;Nấu ăn;Nông Mẫu An;;;;;\n"
    with pytest.raises(Refused) as refused:
        desk.apply(table)
    assert refused.value.problems[0].params["rows"] == "5"
    assert desk.entries() == []

    assert desk.apply(table, only_sound=True) == Imported(made=2, changed=0, unchanged=0, refused=1)


def test_number_that_stands_twice_is_refused(desk: Desk) -> None:
    plan = desk.plan(HEAD + FIRST + SECOND.replace("LS-02", "LS-01"))
    assert faults(plan) == [(2, "key"), (3, "key")]


def test_several_people_in_one_cell_and_shares_in_the_vietnamese_manner(desk: Desk) -> None:
    desk.apply('Title;Category;Authors;Share\nXe;1;"An Mẫu\nBình Mẫu";"33,5%\n66,5%"\n')
    assert [(each.name, str(each.share)) for each in desk.entries()[0].members] == [
        ("An Mẫu", "33.5"),
        ("Bình Mẫu", "66.5"),
    ]


def test_what_came_after_the_deadline_is_late(desk: Desk) -> None:
    desk.contest.closes_at = NOW - timedelta(days=10)
    desk.apply(TABLE)
    assert [entry.state for entry in desk.entries()] == ["submitted", "late"]


def test_preview_that_is_no_longer_true_is_not_written(desk: Desk) -> None:
    desk.apply(TABLE)
    changed = TABLE.replace("Bộ lọc nước", "Bộ lọc")
    seal = desk.plan(changed).seal
    desk.entries()[0].title = "Somebody else was quicker"
    desk.session.flush()
    with pytest.raises(Conflict):
        desk.apply(changed, seal=seal)


@pytest.mark.parametrize("state", ["draft", "in-round", "awarded"])
def test_entry_that_is_not_the_desks_to_change_is_refused(desk: Desk, state: str) -> None:
    entry = make_entry(desk.session, desk.contest, state=state, title="Xe đạp nước")
    code = f"ST-{entry.number:03d}"
    assert desk.plan(f"Code;Title\n{code};Khác\n").count(Fate.REFUSED) == 1
    assert desk.plan(f"Code;Title\n{code};Xe đạp nước\n").count(Fate.UNCHANGED) == 1


def test_returned_paper_entry_waits_for_screening_again(desk: Desk) -> None:
    desk.apply(TABLE)
    desk.entries()[0].state = "returned"
    desk.apply(TABLE.replace("Lọc nước suối", "Lọc nước giếng"))
    assert [entry.state for entry in desk.entries()] == ["submitted", "submitted"]


def test_paper_entries_belong_to_an_account_that_opens_for_nobody_and_gets_no_letters(desk: Desk) -> None:
    desk.apply(TABLE)
    owners = {entry.owner_id for entry in desk.entries()}
    owner = desk.session.get_one(Account, owners.pop())
    assert not owners
    assert owner.email == f"{desk.contest.slug}@{PAPER_DOMAIN}"
    assert owner.disabled_at is not None
    send_letter(desk.session, to=owner, subject="x", text="x", params={}, now=NOW)
    desk.session.flush()
    assert desk.session.scalars(select(Job).where(Job.name == LETTER_JOB)).all() == []


def test_contact_address_gives_the_entry_to_its_account(desk: Desk) -> None:
    known = make_account(desk.session, email="co-giao@example.vn")
    desk.apply("Title;Category;Author;Contact e-mail\nXe;1;An Mẫu;Co-Giao@example.vn\nTàu;1;Bình Mẫu;moi@example.vn\n")
    first, second = desk.entries()
    assert first.owner_id == known.id
    assert (second.owner.email, second.owner.name, second.owner.password_hash) == ("moi@example.vn", "Bình Mẫu", "")


@pytest.mark.parametrize("role", [Role.JUDGE, Role.AUDITOR, Role.COMMITTEE, Role.CONTESTANT, Role.ADMINISTRATOR])
def test_import_is_the_desks(desk: Desk, role: Role) -> None:
    with pytest.raises(NotAllowed):
        desk.apply(TABLE, actor=Actor(account_id=desk.actor.account_id, roles=frozenset({role})))


@pytest.mark.parametrize("phase", ["draft", "announced", "judging", "published"])
def test_import_has_its_time(session: Session, registry: Registry, phase: str) -> None:
    contest = make_contest(session, registry, phase="open")
    contest.phase = phase
    actor = Actor(account_id=make_account(session).id, roles=frozenset({Role.ORGANISER}))
    with pytest.raises(NotAllowed):
        Desk(session, registry, contest, actor).apply(TABLE)


@pytest.mark.parametrize("kind", ["technical-innovation", "startup"])
def test_empty_table_of_each_kind_names_columns_that_are_found(session: Session, registry: Registry, kind: str) -> None:
    contest = make_contest(session, registry, kind=kind, phase="open")
    say = words_of(registry, kind)
    targets = targets_of(rules_in_force(registry, contest), say)
    for language in (0, 1):
        names = [(say(target.label) * 2)[language] for target in targets]
        assert match_columns(names, targets) == tuple(target.key for target in targets)
