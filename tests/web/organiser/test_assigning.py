"""The office's pages of the plan: what it promises, what it asks for, and what changes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from judging.db.models import Assignment, JudgePreference, ReadingLoan, RoundPlan
from tests.factories import make_assignment, make_entry, make_judge, make_panel, make_sheet
from tests.services.office import FINAL, PRELIMINARY, Office, hold_contest, set_round

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from judging.db.models import Account
    from judging.db.session import Database
    from judging.plugins import Registry

SignIn = Callable[["FlaskClient", "Account"], str]


@pytest.fixture
def held(database: Database, registry: Registry) -> Office:
    """Two panels of three judges, eight entries, and nothing assigned."""
    with database.writing() as session:
        made = hold_contest(session, registry, entries=0, judges=3, state="eligible")
        set_round(session, made, PRELIMINARY, "pending")
        keys = [one.key for one in made.rules.categories]
        assert made.panel is not None
        made.panel.categories = keys[:1]
        other = make_panel(session, made.contest, categories=keys[1:])
        made.judges += [make_judge(session, made.contest, panel=other) for _ in range(3)]
        made.entries = [
            make_entry(session, made.contest, state="eligible", number=number + 1, category=keys[number % 2])
            for number in range(8)
        ]
    return made


def _page(held: Office, rest: str = "") -> str:
    return f"/organise/{held.contest.slug}/rounds/{PRELIMINARY}/assignment{rest}"


def test_preview_names_parts_and_the_reading_that_joins_them(
    client: FlaskClient, sign_in: SignIn, held: Office
) -> None:
    sign_in(client, held.desk)

    shown = client.get(_page(held)).text

    assert "Every judge has 4 entries." in shown
    assert "the judges fall into 2 parts without a common entry" in shown
    assert "The fewest extra readings that would join them" in shown
    assert "outside the judge's panels" in shown
    assert "Most entries that the same two judges share: 4" in shown


def test_settings_by_page_change_the_plan(
    client: FlaskClient, sign_in: SignIn, database: Database, held: Office
) -> None:
    token = sign_in(client, held.desk)
    before = client.get(_page(held)).text

    refused = client.post(_page(held, "/settings"), data={"csrf_token": token, "across": "many"})
    answer = client.post(
        _page(held, "/settings"), data={"csrf_token": token, "across": "1", "even": "1", "preferences": "1"}
    )
    after = client.get(answer.location).text

    assert (refused.status_code, "Type a whole number from 0 to 50." in refused.text) == (422, True)
    assert answer.status_code == 302
    assert "All judges whose scores are compared are joined by common entries." in after
    assert before.split('name="seal" value="')[1][:64] != after.split('name="seal" value="')[1][:64]
    with database.reading() as session:
        assert session.query(RoundPlan).one().across == 1


def test_entry_short_of_judges_is_told_with_what_would_help(
    client: FlaskClient, sign_in: SignIn, database: Database, held: Office
) -> None:
    with database.writing() as session:
        session.get_one(type(held.judges[0]), held.judges[0].id).is_active = False
        panel = held.panel
        assert panel is not None
    sign_in(client, held.desk)

    shown = client.get(_page(held)).text

    told = (
        f"Entry ST-001, ST-003, ST-005, ST-007: panel “{panel.name}” has 2 of the 3 judges wanted. Add 1 to that panel."
    )
    assert told in shown


def test_category_without_a_panel_is_told(
    client: FlaskClient, sign_in: SignIn, database: Database, held: Office
) -> None:
    with database.writing() as session:
        assert held.panel is not None
        session.get_one(type(held.panel), held.panel.id).categories = []
    sign_in(client, held.desk)

    assert "Entry ST-001, ST-003, ST-005, ST-007: no panel takes its category" in client.get(_page(held)).text


def test_judges_page_records_what_they_know_best(
    client: FlaskClient, sign_in: SignIn, database: Database, held: Office
) -> None:
    token = sign_in(client, held.desk)
    key = held.rules.categories[0].key
    address = f"/organise/{held.contest.slug}/people/judges/{held.judges[0].id}"
    assert held.panel is not None

    form = {"csrf_token": token, "unit": "", "capacity": "60", "panels": held.panel.id, "preferred": key}
    answer = client.post(address, data=form)

    assert answer.status_code == 302
    with database.reading() as session:
        assert [(one.judge_id, one.category) for one in session.query(JudgePreference)] == [(held.judges[0].id, key)]


def test_repair_is_looked_at_and_made_in_one_act(
    client: FlaskClient, sign_in: SignIn, database: Database, held: Office, registry: Registry
) -> None:
    token = sign_in(client, held.desk)
    with database.writing() as session:
        make_judge(session, held.contest, panel=held.panel)
    seal = client.get(_page(held)).text.split('name="seal" value="')[1][:64]
    client.post(_page(held), data={"csrf_token": token, "seal": seal})
    leaving = held.judges[0]
    address = _page(held, "/repair")

    shown = client.get(f"{address}?judge={leaving.id}").text
    form = {"csrf_token": token, "judge": leaving.id, "seal": shown.split('name="seal" value="')[1][:64]}
    refused = client.post(address, data={**form, "reason": ""})
    answer = client.post(address, data={**form, "reason": "Ốm"}, follow_redirects=True)

    assert "drops out</h1>" in shown
    assert (refused.status_code, "Write the reason." in refused.text) == (422, True)
    assert "3 readings have a new judge." in answer.text
    with database.reading() as session:
        sheets = session.query(Assignment)
        assert sheets.filter_by(state="assigned").count() == 24
        assert {one.reason for one in sheets.filter_by(judge_id=leaving.id)} == {"Ốm"}


def test_late_judge_is_pointed_out_and_gets_work(
    client: FlaskClient, sign_in: SignIn, database: Database, held: Office
) -> None:
    token = sign_in(client, held.desk)
    seal = client.get(_page(held)).text.split('name="seal" value="')[1][:64]
    client.post(_page(held), data={"csrf_token": token, "seal": seal})
    with database.writing() as session:
        late = make_judge(session, held.contest, panel=held.panel)

    pointed = client.get(_page(held)).text
    shown = client.get(_page(held, "/repair")).text
    form = {"csrf_token": token, "seal": shown.split('name="seal" value="')[1][:64]}
    assert client.post(_page(held, "/repair"), data=form).status_code == 302

    assert "1 judge has nothing to read yet." in pointed
    with database.reading() as session:
        assert session.query(Assignment).filter_by(judge_id=late.id, state="assigned").count() == 3


def test_standings_and_closing_warn_of_judges_who_cannot_be_compared(
    client: FlaskClient, sign_in: SignIn, database: Database, registry: Registry
) -> None:
    with database.writing() as session:
        made = hold_contest(session, registry, entries=2, judges=2)
        judged = made.rules.find_round(PRELIMINARY)
        assert judged is not None
        for entry, judge in zip(made.entries, made.judges, strict=True):
            make_sheet(session, make_assignment(session, entry, judge, round_key=PRELIMINARY), judged)
        set_round(session, made, PRELIMINARY, "open")
    sign_in(client, made.desk)
    address = f"/organise/{made.contest.slug}/rounds/{PRELIMINARY}"

    for page in ("standings", "progress"):
        shown = client.get(f"{address}/{page}").text
        assert "One ranking, but judges who cannot be compared." in shown
        assert "The whole contest: the judges fall into 2 parts without a common entry" in shown


def test_reading_of_a_live_round_is_lent_by_page(
    client: FlaskClient, sign_in: SignIn, database: Database, registry: Registry
) -> None:
    with database.writing() as session:
        made = hold_contest(session, registry, entries=1, judges=2, round_key=FINAL)
        set_round(session, made, PRELIMINARY, "advanced")
        set_round(session, made, FINAL, "open")
        lent = make_assignment(session, made.entries[0], made.judges[0], round_key=FINAL)
    token = sign_in(client, made.desk)
    address = f"/organise/{made.contest.slug}/rounds/{FINAL}/assignment"
    lender, stand_in = (judge.id for judge in made.judges)
    until = (datetime.now(UTC) + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")
    form = {"csrf_token": token, "code": "ST-001", "judge": lender, "stand_in": stand_in, "until": until}

    refused = client.post(f"{address}/lend", data={**form, "until": ""}, follow_redirects=True)
    answer = client.post(f"{address}/lend", data=form, follow_redirects=True)

    assert "choose a stand-in and a moment" in refused.text
    assert "The reading is lent to" in answer.text
    assert "Lend a reading for a while" not in client.get(address.replace(FINAL, PRELIMINARY)).text
    with database.reading() as session:
        states = {one.judge_id: one.state for one in session.query(Assignment)}
        assert states == {lender: "reassigned", stand_in: "assigned"}
        assert session.query(ReadingLoan).one().lent_id == lent.id
