"""“Where do I go next?” as a judge's phone asks it: one booth at a time, and nothing of who stands elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from judging.db.models import Assignment, Booth, BoothLease, ContestRound, Judge, LeaseRound, SheetAside
from tests.factories import make_account, make_assignment, make_entry
from tests.services.sheets.cases import add_colleague

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from flask.testing import FlaskClient

    from judging.db.models import Account
    from judging.services.platform import Platform
    from tests.services.sheets.cases import Case

    SignIn = Callable[[FlaskClient, Account], str]

ROUND = "preliminary"


@pytest.fixture
def led(platform: Platform, case: Case) -> Case:
    """The round of `case` leads its judges from booth to booth; the entry stands in hall B."""
    with platform.database.writing() as session:
        session.add(LeaseRound(contest_id=case.contest.id, round=ROUND, minutes=15))
        session.add(Booth(entry_id=case.entry.id, round=ROUND, name="Nhà B, gian 14"))
    return case


@pytest.fixture
def ask(led: Case) -> str:
    return f"/judge/{led.contest.slug}/rounds/{ROUND}/next"


@pytest.fixture
def colleague(platform: Platform, led: Case, client: FlaskClient, sign_in: SignIn) -> tuple[Case, FlaskClient, str]:
    """Another judge of the same entry, signed in on a device of their own."""
    with platform.database.writing() as session:
        made = add_colleague(session, led)
        assert made.account.email
    device = client.application.test_client()
    return made, device, sign_in(device, made.account)


def leases(platform: Platform) -> list[BoothLease]:
    with platform.database.reading() as session:
        return list(session.scalars(select(BoothLease).order_by(BoothLease.began_at, BoothLease.id)))


def test_next_entry_button_leads_to_a_booth_that_is_kept(
    client: FlaskClient, platform: Platform, led: Case, ask: str, token: str, address: str
) -> None:
    for page in ("/judge/", f"/judge/{led.contest.slug}/"):
        assert ask in client.get(page).text
    assert "To the next entry" in client.get(ask).text
    assert leases(platform) == [], "looking takes nothing"

    answer = client.post(ask, data={"csrf_token": token})

    assert answer.location == ask
    page = client.get(ask).text
    assert "Nhà B, gian 14" in page
    assert "Kept for you until" in page
    assert "15 minutes more." in page
    assert address in page
    assert [one.assignment_id for one in leases(platform)] == [led.assignment.id]
    assert "The place is kept for you until" in client.get(address).text


def test_colleague_is_told_when_the_booth_is_free_and_not_who_stands_there(
    client: FlaskClient, platform: Platform, led: Case, ask: str, token: str, colleague: tuple[Case, FlaskClient, str]
) -> None:
    other, device, other_token = colleague
    client.post(ask, data={"csrf_token": token})

    assert device.post(ask, data={"csrf_token": other_token}).location == ask
    page = device.get(ask).text

    assert "Another judge stands at every entry left to you" in page
    assert "in 15 minutes." in page
    for secret in (led.account.name, led.judge.alias, led.account.email):
        assert secret not in page
    assert len(leases(platform)) == 1
    assert "The place is kept for you" not in device.get(f"/judge/sheets/{other.assignment.id}").text


def test_asking_reads_nothing_of_what_others_wrote(
    client: FlaskClient, ask: str, token: str, colleague: tuple[Case, FlaskClient, str],
    count_queries: Callable[[], Any],
) -> None:  # fmt: skip
    _other, device, other_token = colleague
    client.post(ask, data={"csrf_token": token})

    with count_queries() as statements:
        assert device.post(ask, data={"csrf_token": other_token}).status_code == 302
        assert "Another judge stands" in device.get(ask).text

    told = ("assignment.marks", "assignment.comment", "sheet_version.marks", "sheet_version.total")
    read = [one for one in statements for column in told if column in one]
    assert [one for one in statements if "booth_lease" in one]
    assert read == []


def test_booth_given_free_is_free_for_the_colleague(
    client: FlaskClient, platform: Platform, ask: str, address: str, token: str,
    colleague: tuple[Case, FlaskClient, str],
) -> None:  # fmt: skip
    other, device, other_token = colleague
    client.post(ask, data={"csrf_token": token})

    assert client.post(f"{address}/free", data={"csrf_token": token}).location == ask
    assert "The place is free for other judges." in client.get(ask).text
    device.post(ask, data={"csrf_token": other_token})

    assert [(one.state, one.judge_id) for one in leases(platform)][1] == ("standing", other.judge.id)
    # One's own booth only: the other's reading is not there for this judge.
    assert client.post(f"/judge/sheets/{other.assignment.id}/free", data={"csrf_token": token}).status_code == 404


def test_entry_that_cannot_be_judged_now_is_set_aside_and_the_next_is_a_button_away(
    client: FlaskClient, platform: Platform, led: Case, ask: str, address: str, token: str
) -> None:
    with platform.database.writing() as session:
        entry = make_entry(session, session.merge(led.contest))
        second = make_assignment(session, entry, session.merge(led.judge), round_key=ROUND, position=2).id
    client.post(ask, data={"csrf_token": token})

    answer = client.post(f"{address}/aside", data={"csrf_token": token, "aside-kind": "model-missing"})

    assert answer.location == ask
    assert "2 entries left to mark" in client.get(ask).text
    client.post(ask, data={"csrf_token": token})
    assert [(one.state, one.assignment_id) for one in leases(platform)] == [
        ("aside", led.assignment.id), ("standing", second),
    ]  # fmt: skip
    with platform.database.reading() as session:
        assert session.scalars(select(SheetAside)).one().ended_at is None


def test_submitting_ends_the_visit_and_leads_on(
    client: FlaskClient, platform: Platform, led: Case, ask: str, address: str, typed: dict[str, Any]
) -> None:
    with platform.database.writing() as session:
        entry = make_entry(session, session.merge(led.contest))
        make_assignment(session, entry, session.merge(led.judge), round_key=ROUND, position=2)
    client.post(ask, data={"csrf_token": typed["csrf_token"]})

    assert client.post(address, data={**typed, "version": "0", "action": "submit"}).status_code == 302
    assert f'href="{ask}"' in client.get(f"{address}/receipt").text
    assert "1 entry left to mark" in client.get(ask).text


def test_saving_while_one_works_keeps_the_booth(
    client: FlaskClient, platform: Platform, ask: str, address: str, typed: dict[str, Any]
) -> None:
    client.post(ask, data={"csrf_token": typed["csrf_token"]})
    (before,) = leases(platform)
    with platform.database.writing() as session:
        early = before.until - timedelta(minutes=10)
        session.execute(update(BoothLease).values(until=early))

    assert client.post(f"{address}/draft", data={**typed, "version": "0"}).status_code == 200

    (after,) = leases(platform)
    assert before.until <= after.until < before.until + timedelta(minutes=1)


def test_judge_whose_time_was_over_finds_the_sheet_again(
    client: FlaskClient, platform: Platform, ask: str, address: str, token: str
) -> None:
    client.post(ask, data={"csrf_token": token})
    (lease,) = leases(platform)
    with platform.database.writing() as session:
        early = lease.began_at - timedelta(hours=1)
        session.execute(update(BoothLease).values(began_at=early, until=early + timedelta(minutes=15)))

    page = client.get(ask).text

    assert "Other judges may go there now. Your sheet is kept" in page
    assert address in page
    assert "To the next entry" in page
    assert client.post(f"{address}/free", data={"csrf_token": token}).location == ask
    assert "The place was not kept for you any more." in client.get(ask).text


@pytest.mark.parametrize("missing", ["setting", "open round"])
def test_where_nobody_is_led_the_page_goes_to_the_list(
    client: FlaskClient, platform: Platform, led: Case, ask: str, token: str, missing: str
) -> None:
    with platform.database.writing() as session:
        if missing == "setting":
            session.execute(update(LeaseRound).values(minutes=0))
        else:
            session.execute(update(ContestRound).where(ContestRound.key == ROUND).values(state="closed"))

    assert client.get(ask).location == f"/judge/{led.contest.slug}/?round={ROUND}"
    client.post(ask, data={"csrf_token": token})
    assert leases(platform) == []


def test_conflicts_are_declared_before_anybody_is_led(
    client: FlaskClient, platform: Platform, led: Case, ask: str, token: str
) -> None:
    with platform.database.writing() as session:
        session.execute(update(Judge).values(conflicts_declared_at=None))

    assert client.get(ask).location == f"/judge/{led.contest.slug}/conflicts"
    client.post(ask, data={"csrf_token": token})
    assert leases(platform) == []


def test_nothing_left_says_so(client: FlaskClient, platform: Platform, ask: str, token: str) -> None:
    with platform.database.writing() as session:
        session.execute(update(Assignment).values(state="written-off"))

    assert "No entry is left to you in this round" in client.get(ask).text
    client.post(ask, data={"csrf_token": token})
    assert "No entry is left to you in this round." in client.get(ask).text


@pytest.mark.usefixtures("token")
def test_stranger_and_unknown_round_get_the_same_answer(
    client: FlaskClient, platform: Platform, ask: str, sign_in: SignIn
) -> None:
    assert client.get(ask.replace(ROUND, "no-such-round")).status_code == 404
    with platform.database.writing() as session:
        account = make_account(session)
        assert account.email
    stranger = client.application.test_client()
    stranger_token = sign_in(stranger, account)
    assert stranger.get(ask).status_code == 404
    assert stranger.post(ask, data={"csrf_token": stranger_token}).status_code == 404
    assert leases(platform) == []


def test_asking_makes_as_many_queries_for_many_entries(
    client: FlaskClient, platform: Platform, led: Case, ask: str, token: str, count_queries: Callable[[], Any]
) -> None:
    def statements() -> tuple[int, int]:
        with count_queries() as looked:
            assert client.get(ask).status_code == 200
        with count_queries() as taken:
            assert client.post(ask, data={"csrf_token": token}).status_code == 302
        with platform.database.writing() as session:
            session.query(BoothLease).delete()
        return len(looked), len(taken)

    few = statements()
    with platform.database.writing() as session:
        contest, judge = session.merge(led.contest), session.merge(led.judge)
        for position in range(2, 42):
            make_assignment(session, make_entry(session, contest), judge, round_key=ROUND, position=position)
    assert statements() == few
