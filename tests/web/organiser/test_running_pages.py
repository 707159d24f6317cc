"""The office's pages of a running contest: who sees what, and that acts are done as asked."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient

from judging.db.models import Account, Assignment, AuditEvent, ContestRound, Entry, Judge, Prize, Publication
from judging.db.session import Database
from judging.plugins import Registry
from tests.factories import give_role, make_account, make_assignment, make_entry, make_judge, make_sheet
from tests.services.office import FINAL, PRELIMINARY, Office, finish_rounds, hold_contest, set_round

PAGES = (
    "", "entries", "entries.csv", "screening", "assignment", "progress", "standings", "prizes", "publication", "record",
    f"rounds/{PRELIMINARY}/standings", f"rounds/{FINAL}/assignment", f"rounds/{PRELIMINARY}/standings.csv",
)  # fmt: skip
SHARES = ("0.9", "0.85", "0.8", "0.75", "0.5")


@pytest.fixture
def judged(database: Database, registry: Registry) -> Office:
    """A contest in judging whose preliminary round is open: two entries locked, one waiting for a sheet."""
    with database.writing() as session:
        held = hold_contest(session, registry, entries=3, shares=("0.8", "0.7"))
        make_assignment(session, held.entries[2], held.judges[0], round_key=PRELIMINARY)
    return held


@pytest.fixture
def finished(database: Database, registry: Registry) -> Office:
    """A contest whose rounds are closed."""
    with database.writing() as session:
        held = hold_contest(session, registry, entries=5)
        finish_rounds(session, held, SHARES)
    return held


def _account_of(judge: Judge, database: Database) -> Account:
    with database.reading() as session:
        return session.get_one(Account, judge.account_id)


def _address(held: Office, page: str = "") -> str:
    return f"/organise/{held.contest.slug}/{page}"


@pytest.mark.parametrize("place", PAGES)
def test_page_opens_for_the_organiser(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], judged: Office, place: str
) -> None:
    sign_in(client, judged.desk)

    answer = client.get(_address(judged, place))

    assert answer.status_code == 200, answer.text[-2000:]


@pytest.mark.parametrize("place", [*PAGES, "no-such-place"])
def test_page_is_not_there_for_others(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], database: Database, judged: Office, place: str
) -> None:
    with database.writing() as session:
        stranger = make_account(session)
    sign_in(client, stranger)

    assert client.get(_address(judged, place)).status_code == 404


@pytest.mark.parametrize("place", PAGES)
def test_page_is_not_there_for_a_judge(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], database: Database, judged: Office, place: str
) -> None:
    sign_in(client, _account_of(judged.judges[0], database))

    assert client.get(_address(judged, place)).status_code == 404


@pytest.mark.parametrize("place", ["progress", "standings", "prizes", "assignment", "publication"])
def test_organiser_who_judges_waits_like_a_judge(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], database: Database, judged: Office, place: str
) -> None:
    with database.writing() as session:
        make_judge(session, judged.contest, account=judged.desk)
    sign_in(client, judged.desk)

    answer = client.get(_address(judged, place), follow_redirects=True)

    assert answer.status_code == 403
    assert "80.00" not in answer.text


def test_board_of_an_organiser_who_judges_shows_no_progress(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], database: Database, judged: Office
) -> None:
    sign_in(client, judged.desk)
    assert "6 of 7 sheets recorded" in client.get(_address(judged)).text
    with database.writing() as session:
        make_judge(session, judged.contest, account=judged.desk)

    assert "6 of 7" not in client.get(_address(judged)).text


def test_standings_leave_out_the_entry_that_waits(
    client: FlaskClient,
    sign_in: Callable[[FlaskClient, Account], str],
    database: Database,
    judged: Office,
    registry: Registry,
) -> None:
    with database.writing() as session:
        sheet = make_assignment(session, judged.entries[2], judged.judges[1], round_key=PRELIMINARY)
        make_sheet(session, sheet, judged.rules.rounds[0])
    sign_in(client, judged.desk)

    text = client.get(_address(judged, f"rounds/{PRELIMINARY}/standings")).text

    assert ["Sản phẩm 1" in text, "Sản phẩm 2" in text, "Sản phẩm 3" in text] == [True, True, False]


def test_entry_page_shows_totals_only_once_locked(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], database: Database, judged: Office
) -> None:
    with database.writing() as session:
        sheet = make_assignment(session, judged.entries[2], judged.judges[1], round_key=PRELIMINARY)
        make_sheet(session, sheet, judged.rules.rounds[0])
    sign_in(client, judged.desk)

    assert "80.00" in client.get(f"/organise/entries/{judged.entries[0].id}").text
    assert "80.00" not in client.get(f"/organise/entries/{judged.entries[2].id}").text


def test_entries_are_found_by_code_title_and_author(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], judged: Office
) -> None:
    sign_in(client, judged.desk)

    for asked, found in (("st-002", [2]), ("sản phẩm 3", [3]), ("nông mẫu", [1, 2, 3]), ("nobody", [])):
        text = client.get(_address(judged, "entries"), query_string={"q": asked}).text
        assert [number for number in (1, 2, 3) if f"Sản phẩm {number}" in text] == found


def test_export_disarms_formulas(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], database: Database, judged: Office
) -> None:
    with database.writing() as session:
        make_entry(session, judged.contest, title='=HYPERLINK("http://example.vn","x")', number=90)
    sign_in(client, judged.desk)

    answer = client.get(_address(judged, "entries.csv"))

    assert answer.text.startswith("\ufeff")
    assert "\"'=HYPERLINK(" in answer.text


@pytest.mark.parametrize("place", ["", "entries", "screening", f"rounds/{PRELIMINARY}/standings", "record"])
def test_page_makes_as_many_queries_for_many_entries(
    client: FlaskClient,
    sign_in: Callable[[FlaskClient, Account], str],
    database: Database,
    registry: Registry,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
    place: str,
) -> None:
    with database.writing() as session:
        few = hold_contest(session, registry, entries=10, judges=3, shares=["0.7"] * 10)
        many = hold_contest(session, registry, entries=120, judges=3, shares=["0.7"] * 60)
        for held in (few, many):
            for _ in range(3):
                make_entry(session, held.contest, state="submitted")
    counts = []
    for held in (few, many):
        sign_in(client, held.desk)
        client.get(_address(held, place))
        with count_queries() as statements:
            assert client.get(_address(held, place)).status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_screening_a_dossier_and_going_on_to_the_next(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], database: Database, registry: Registry
) -> None:
    with database.writing() as session:
        held = hold_contest(session, registry, phase="screening", state="submitted", entries=2)
    token = sign_in(client, held.desk)

    refused = client.post(
        f"/organise/entries/{held.entries[0].id}/screening", data={"csrf_token": token, "verdict": "returned"}
    )
    answer = client.post(
        f"/organise/entries/{held.entries[0].id}/screening",
        data={"csrf_token": token, "verdict": "returned", "reason": "The summary is missing."},
    )

    assert (refused.status_code, "Write the reason" in refused.text) == (422, True)
    assert (answer.status_code, answer.location) == (302, f"/organise/entries/{held.entries[1].id}")
    with database.reading() as session:
        assert [session.get_one(Entry, one.id).state for one in held.entries] == ["returned", "submitted"]


def test_plan_is_applied_and_round_opened(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], database: Database, registry: Registry
) -> None:
    with database.writing() as session:
        held = hold_contest(session, registry, state="eligible", entries=4)
        set_round(session, held, PRELIMINARY, "pending")
    token = sign_in(client, held.desk)
    address = _address(held, f"rounds/{PRELIMINARY}/assignment")
    seal = client.get(address).text.split('name="seal" value="')[1].split('"')[0]

    assert client.post(address, data={"csrf_token": token, "seal": "old"}).status_code == 422
    assert client.post(address, data={"csrf_token": token, "seal": seal}).status_code == 302
    opened = client.post(_address(held, f"rounds/{PRELIMINARY}"), data={"csrf_token": token, "act": "open"})

    assert opened.status_code == 302
    with database.reading() as session:
        assert session.query(Assignment).count() == 12
        assert {one.state for one in session.query(Entry)} == {"in-round"}


def test_closing_a_round_that_waits_is_refused_by_name(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], database: Database, judged: Office
) -> None:
    token = sign_in(client, judged.desk)

    answer = client.post(_address(judged, f"rounds/{PRELIMINARY}"), data={"csrf_token": token, "act": "close"})

    assert answer.status_code == 422
    assert "ST-003" in answer.text
    with database.reading() as session:
        row = session.query(ContestRound).filter_by(contest_id=judged.contest.id, key=PRELIMINARY).one()
        assert row.state == "open"


def test_missing_sheet_is_written_off_and_the_round_closed(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], database: Database, judged: Office
) -> None:
    with database.writing() as session:
        sheet = session.query(Assignment).filter_by(state="assigned").one()
        extra = make_assignment(session, judged.entries[2], judged.judges[1], round_key=PRELIMINARY)
        make_sheet(session, extra, judged.rules.rounds[0])
    token = sign_in(client, judged.desk)

    client.post(
        f"/organise/assignments/{sheet.id}/write-off", data={"csrf_token": token, "reason": "The judge never came."}
    )
    client.post(_address(judged, f"rounds/{PRELIMINARY}"), data={"csrf_token": token, "act": "close"})

    with database.reading() as session:
        assert session.get_one(Assignment, sheet.id).state == "written-off"
        row = session.query(ContestRound).filter_by(contest_id=judged.contest.id, key=PRELIMINARY).one()
        assert row.state == "closed"


def test_prizes_are_settled_and_results_published_and_withdrawn(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], database: Database, finished: Office
) -> None:
    token = sign_in(client, finished.desk)

    client.post(_address(finished, "prizes/settle"), data={"csrf_token": token})
    page = client.get(_address(finished, "publication")).text
    refused = client.post(_address(finished, "publication"), data={"csrf_token": token, "decision": " "})
    client.post(_address(finished, "publication"), data={"csrf_token": token, "decision": "12/QĐ"})

    assert "The results can be published" in page
    assert refused.status_code == 422
    with database.reading() as session:
        assert session.query(Prize).count() == 4
        assert session.query(Publication).filter_by(withdrawn_at=None).count() == 1
    assert client.get(_address(finished, "publication")).status_code == 200
    client.post(_address(finished, "publication/withdraw"), data={"csrf_token": token, "reason": "A mistake"})
    with database.reading() as session:
        assert session.query(Publication).filter_by(withdrawn_at=None).count() == 0


def test_secretary_cannot_publish_or_settle(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], database: Database, finished: Office
) -> None:
    with database.writing() as session:
        secretary = make_account(session)
        give_role(session, finished.contest, secretary, "secretary")
    token = sign_in(client, secretary)

    for place in ("prizes/settle", "publication", f"rounds/{FINAL}", "publication/withdraw"):
        data = {"csrf_token": token, "decision": "1", "act": "reopen", "reason": "x"}
        assert client.post(_address(finished, place), data=data).status_code == 404
    with database.reading() as session:
        assert session.query(Prize).count() + session.query(Publication).count() == 0


def test_record_is_filtered_by_act(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], database: Database, finished: Office
) -> None:
    token = sign_in(client, finished.desk)
    client.post(_address(finished, "prizes/settle"), data={"csrf_token": token})

    assert "Prizes settled" in client.get(_address(finished, "record")).text
    filtered = client.get(_address(finished, "record"), query_string={"action": "no-such"}).text
    assert "No act matches" in filtered
    with database.reading() as session:
        assert session.query(AuditEvent).filter_by(action="prizes-settled").count() == 1
