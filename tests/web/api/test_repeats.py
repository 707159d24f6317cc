"""Blind repeats by program: told, saved, submitted and refused as any reading, and entries by codes alone meanwhile."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select

from judging.db.models import (
    Assignment,
    BlindRepeat,
    ContestRound,
    Entry,
    EntryFile,
    Judge,
    Panel,
    PanelSeat,
    SheetVersion,
)
from judging.domain.repeats import reading_code
from judging.services.contests.editions import contest_rules
from judging.services.sheets.life import write_off_sheet
from tests.factories import NOW, give_role
from tests.services.judges.repeat_cases import ROUND, make_desk, set_number
from tests.services.sheets.cases import WHOLE_TOTAL, office
from tests.web.api.programs import Program, done, said
from tests.web.api.two_desks import (
    DRAFT,
    SUBMITTED,
    WORK,
    TwoDesks,
    Witness,
    ids_in,
    keyed,
    look_at_everything,
    work_on,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from judging.db.models import Account
    from judging.services.platform import Platform

    Acting = Callable[..., Program]


@pytest.fixture
def judge(acting: Acting, desks: TwoDesks) -> Program:
    return acting(desks.twice.account, "judge")


@pytest.fixture
def sheet(desks: TwoDesks) -> str:
    return f"/assignments/{desks.repeat.id}/sheet"


def close(platform: Platform) -> None:
    with platform.database.writing() as session:
        session.scalars(select(ContestRound).where(ContestRound.key == ROUND)).one().state = "closed"


def work(judge: Program) -> dict[str, Any]:
    return {one["id"]: one for one in done(judge.get(f"{WORK}?limit=100"))["items"]}


def test_nothing_that_a_reading_is_told_by_returns_with_another(desks: TwoDesks, judge: Program) -> None:
    told = {}
    for one in desks.shown:
        shown = judge.get(f"/assignments/{one}/sheet")
        entry = judge.get(f"/entries/{done(shown)['entry']['id']}")
        files = [judge.get(each["url"].removeprefix("/api/v1")) for each in done(entry)["files"]]
        assert len(files) == 2
        told[one] = shown.text + entry.text + "".join(str(each.headers) for each in files)

    for one, text in told.items():
        assert ids_in(text) >= {one, reading_code(one)}
        assert all(ids_in(text).isdisjoint(ids_in(other)) for key, other in told.items() if key != one)


def test_neither_title_nor_number_nor_alias_is_told_while_the_round_is_open(
    desks: TwoDesks, judge: Program, platform: Platform
) -> None:
    assert work(judge).keys() == set(desks.shown)
    witness = Witness(program=judge)
    look_at_everything(witness)
    work_on(witness, desks.first.id)
    everything = "\n".join(witness.told)

    with platform.database.reading() as session:
        entries = session.scalars(select(Entry)).all()
        files = session.scalars(select(EntryFile.filename)).all()
    prefix = contest_rules(platform.registry, desks.case.contest).prefix
    secret = [word for one in entries for word in (one.alias, one.title, f"{prefix}-{one.number:03d}", one.id)]
    assert not [word for word in (*secret, *files) if word in everything]
    shown = done(judge.get(f"/entries/{desks.repeat.id}"))
    assert (shown["number"], shown["submitted_at"], shown["alias"]) == (None, None, reading_code(desks.repeat.id))
    assert (shown["members"], shown["unit"], shown["receipts"], shown["may_edit"]) == (None, None, None, False)
    assert shown["answers"]["idea"] == "Ý tưởng mẫu."


def test_repeat_is_saved_and_submitted_beside_the_reading_and_never_as_one(
    desks: TwoDesks, judge: Program, sheet: str, platform: Platform
) -> None:
    saved = judge.put(sheet, DRAFT, If_None_Match="*")
    assert (saved.status_code, said(saved)["marks"], said(saved)["state"]) == (200, {"novelty": "24"}, "draft")
    assert done(judge.get(f"/assignments/{desks.first.id}/sheet"))["marks"] == {}
    stale = judge.put(sheet, SUBMITTED, **keyed(If_Match='"v0"'))
    assert (stale.status_code, said(stale)["current"]["marks"]) == (412, {"novelty": "24"})
    assert judge.put(sheet, SUBMITTED).status_code == 428

    submitted = judge.put(sheet, SUBMITTED, **keyed(If_Match=saved.headers["ETag"]))

    receipt = done(submitted, 201)["receipt"]
    assert (receipt["version"], receipt["total"], receipt["log"], receipt["index"]) == (1, WHOLE_TOTAL, None, None)
    with platform.database.reading() as session:
        row = session.get_one(BlindRepeat, desks.repeat.id)
        assert (row.state, row.total, row.code) == ("submitted", WHOLE_TOTAL, receipt["code"])
        assert session.scalar(select(func.count()).select_from(SheetVersion)) == 0
        assert session.get_one(Assignment, desks.first.id).state == "assigned"
    locked = judge.get(sheet)
    assert (done(locked)["receipt"], locked.headers["ETag"]) == (receipt, submitted.headers["ETag"])
    assert judge.put(sheet, SUBMITTED, **keyed(If_Match=locked.headers["ETag"])).status_code == 409
    assert work(judge)[desks.repeat.id]["state"] == "submitted"


def test_resent_submission_is_answered_as_the_first_even_when_the_round_is_closed_since(
    judge: Program, sheet: str, platform: Platform
) -> None:
    headers = keyed(If_None_Match="*")
    first = judge.put(sheet, SUBMITTED, **headers)
    again = judge.put(sheet, SUBMITTED, **headers)
    close(platform)
    later = judge.put(sheet, SUBMITTED, **headers)

    assert first.status_code == 201
    for answer in (again, later):
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (201, first.data, first.headers["ETag"])


def test_what_waits_comes_last_and_is_found_by_its_cursor(desks: TwoDesks, judge: Program, platform: Platform) -> None:
    with platform.database.writing() as session:
        session.get_one(BlindRepeat, desks.repeat.id).aside_at = NOW
    waiting = [one for one in desks.shown if one != desks.repeat.id]
    listed: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        part = done(judge.get(f"{WORK}?limit=2{cursor and f'&cursor={cursor}'}"))
        listed += [one["id"] for one in part["items"]]
        cursor = part["next"]

    assert listed == [*waiting, desks.repeat.id]
    assert work(judge)[desks.repeat.id]["aside"] is True


def test_entry_of_its_own_address_is_nothing_to_a_judge_who_knows_it_by_a_code(
    desks: TwoDesks, judge: Program, acting: Acting, platform: Platform
) -> None:
    nothing = judge.get(f"/entries/{uuid4()}").data
    with platform.database.reading() as session:
        entry = desks.first.entry_id
        file = session.scalars(select(EntryFile.id).where(EntryFile.entry_id == entry)).first()

    assert judge.get(f"/entries/{entry}").data == nothing
    assert judge.get(f"/entries/{entry}/files/{file}").data == nothing
    assert judge.get(f"/entries/{desks.repeat.id}/files/{file}").data == nothing
    # Whoever has no such reading finds nothing by it, and nothing is changed by it.
    colleague = acting(desks.other.account, "judge", "entries")
    for reading in (desks.repeat.id, desks.first.id):
        assert colleague.get(f"/entries/{reading}").data == nothing
        assert colleague.get(f"/assignments/{reading}/sheet").data == nothing
        assert acting(desks.twice.account, "entries").post(f"/entries/{reading}/withdraw").status_code == 404
    assert acting(desks.twice.account, "entries").get(f"/entries/{desks.repeat.id}").data == nothing
    with platform.database.writing() as session:
        chief = office(session, desks.case)
        person = session.merge(desks.other.account)
        give_role(session, desks.case.contest, person, "secretary")
        assert chief.account_id
    # The office reads all entries, and none by the reading of somebody else.
    desk = acting(desks.other.account)
    assert done(desk.get(f"/entries/{entry}"))["title"] == desks.first.entry.title
    assert desk.get(f"/entries/{desks.repeat.id}").data == nothing


def test_names_come_back_when_the_round_is_closed(
    desks: TwoDesks, judge: Program, sheet: str, platform: Platform
) -> None:  # fmt: skip
    first = f"/assignments/{desks.first.id}"
    for path in (sheet, f"{first}/sheet"):
        assert judge.put(path, SUBMITTED, **keyed(If_None_Match="*")).status_code == 201
    assert judge.get(f"{first}/receipt").status_code == judge.get(sheet.replace("sheet", "receipt")).status_code == 409
    close(platform)

    listed = work(judge)
    entry = desks.first.entry
    assert listed[desks.first.id]["entry"]["title"] == entry.title
    assert listed[desks.repeat.id]["entry"] == {
        "id": entry.id, "code": reading_code(desks.repeat.id), "title": f"{entry.title} (shown a second time)",
        "category": entry.category,
    }  # fmt: skip
    assert {one["entry"]["id"] for one in listed.values()} == {one.entry_id for one in desks.readings}
    assert done(judge.get(f"/entries/{entry.id}"))["title"] == entry.title
    assert judge.get(f"/entries/{desks.repeat.id}").status_code == 404
    receipts = [done(judge.get(path))["receipt"] for path in (f"{first}/sheet", sheet)]
    assert (receipts[0]["index"], receipts[1]["index"], receipts[1]["log"]) == (1, None, None)
    assert judge.get(f"{first}/receipt").status_code == 200
    assert judge.get(sheet.replace("sheet", "receipt")).status_code == 404


def test_conflicts_are_declared_by_title_and_under_keys_that_tie_it_to_no_reading(
    desks: TwoDesks, judge: Program, platform: Platform
) -> None:
    here = f"/contests/{desks.case.contest.slug}/conflicts"
    with platform.database.writing() as session:
        session.get_one(Judge, desks.twice.id).conflicts_declared_at = None
    listed = done(judge.get(here))["items"]

    assert {one["title"] for one in listed} == {one.entry.title for one in desks.readings}
    assert ids_in(judge.get(here).text).isdisjoint(desks.shown)
    assert [one["assignment"] for one in listed] == sorted(one["assignment"] for one in listed)
    for reading in (desks.first.id, desks.repeat.id):
        answer = judge.post(here, {"answers": {reading: "none"}})
        assert (answer.status_code, said(answer)["errors"][-1]["code"]) == (422, "unknown")
    given = {one["assignment"]: "none" for one in listed}
    mine = next(one["assignment"] for one in listed if one["title"] == desks.first.entry.title)
    assert done(judge.post(here, {"answers": {**given, mine: "child"}})) == {"recused": 1}
    # Whoever is off the entry loses the reading and its repeat.
    assert work(judge).keys() == set(desks.shown) - {desks.first.id, desks.repeat.id}


def test_stepping_back_from_the_repeat_takes_both(desks: TwoDesks, judge: Program, sheet: str) -> None:
    answer = judge.post(sheet.replace("sheet", "recuse"), {"kind": "teacher"})

    assert done(answer) == {"assignment": desks.repeat.id, "state": "recused"}
    nothing = judge.get(f"/assignments/{uuid4()}/sheet").data
    for reading in (desks.first.id, desks.repeat.id):
        assert judge.get(f"/assignments/{reading}/sheet").data == nothing
        assert judge.get(f"/entries/{reading}").data == nothing
    assert len(work(judge)) == len(desks.readings) - 1


def test_repeat_of_a_sheet_that_was_written_off_is_gone(
    desks: TwoDesks, judge: Program, sheet: str, platform: Platform
) -> None:
    with platform.database.writing() as session:
        row = session.get_one(Assignment, desks.first.id)
        write_off_sheet(session, assignment=row, actor=office(session, desks.case), reason="Bận", now=NOW)

    assert judge.get(sheet).status_code == 404
    assert desks.repeat.id not in work(judge)


def test_chair_of_the_panel_reads_entries_by_their_own_address(
    desks: TwoDesks, acting: Acting, platform: Platform
) -> None:
    """As on the chair's page, which names entries: which of the chair's own readings one is, it does not say."""
    with platform.database.writing() as session:
        panel = Panel(
            contest_id=desks.case.contest.id, position=1, name="Hội đồng", categories=[desks.first.entry.category]
        )
        session.add(panel)
        session.flush()
        session.add(PanelSeat(panel_id=panel.id, judge_id=desks.twice.id, is_chair=True))
    chair = acting(desks.twice.account, "judge")

    assert done(chair.get(f"/entries/{desks.first.entry_id}"))["title"] == desks.first.entry.title
    assert reading_code(desks.first.id) not in chair.get(f"/entries/{desks.first.entry_id}").text


def test_round_without_repeats_names_entries_as_ever(desks: TwoDesks, judge: Program, platform: Platform) -> None:
    with platform.database.writing() as session:
        set_number(session, platform.registry, desks.case, 0)

    listed = work(judge)
    assert listed[desks.first.id]["entry"]["title"] == desks.first.entry.title
    assert listed[desks.first.id]["entry"]["id"] == desks.first.entry_id
    assert judge.get(f"/entries/{desks.first.id}").status_code == 404
    answer = judge.put(f"/assignments/{desks.first.id}/sheet", SUBMITTED, **keyed(If_None_Match="*"))
    assert done(answer, 201)["receipt"]["index"] == 1
    assert done(answer, 201)["receipt"]["proof"]


def test_list_makes_as_many_queries_with_more_repeats(platform: Platform, acting: Acting) -> None:
    counts = []
    for number, entries in ((1, 8), (3, 24)):
        with platform.database.writing() as session:
            account = make_account_with(session, platform, entries=entries, repeats=number)
        judge = acting(account, "judge")
        # The first answer writes down that the token is in use.
        judge.get(WORK)
        with counted(platform) as statements:
            shown = done(judge.get(f"{WORK}?limit=100"))["items"]
        assert len(shown) == entries + number
        counts.append(len(statements))

    assert counts[0] == counts[1]


@contextmanager
def counted(platform: Platform) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(platform.database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(platform.database.engine, "before_cursor_execute", note)


def make_account_with(session: Session, platform: Platform, *, entries: int, repeats: int) -> Account:
    """A judge of a contest of their own with so many entries and repeats."""
    case, _readings = make_desk(session, platform.registry, entries=entries)
    assert set_number(session, platform.registry, case, repeats) == repeats
    assert case.account.email
    return case.account
