"""The organiser's page of a round's end: a look, then the act; late sheets; and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from judging.db.models import Assignment, ContestRound, LateSheet, RoundExtension, SentMessage
from judging.services.rounds.end.late import note_late
from tests.factories import make_account, make_assignment, make_judge
from tests.services.office import PRELIMINARY, Office, hold_contest

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from judging.db.models import Account
    from judging.db.session import Database
    from judging.plugins import Registry

SignIn = Callable[["FlaskClient", "Account"], str]
DAY = timedelta(days=1)


@pytest.fixture
def held(database: Database, registry: Registry) -> Office:
    """An open round with an end that has passed; each of two judges has a sheet left."""
    with database.writing() as session:
        made = hold_contest(session, registry, entries=1, judges=2)
        for judge in made.judges:
            make_assignment(session, made.entries[0], judge, round_key=PRELIMINARY)
            assert judge.account.name
        _stage(session, made).ends_at = datetime.now(UTC) - DAY
    return made


def _stage(session: Session, held: Office) -> ContestRound:
    return session.query(ContestRound).filter_by(contest_id=held.contest.id, key=PRELIMINARY).one()


def _page(held: Office) -> str:
    return f"/organise/{held.contest.slug}/rounds/{PRELIMINARY}/end"


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo('Asia/Ho_Chi_Minh')):%Y-%m-%dT%H:%M}"


def _seen(page: str) -> str:
    return page.split('name="seen" value="')[1].split('"', maxsplit=1)[0]


def test_end_is_looked_at_with_its_letter_then_set(
    client: FlaskClient, sign_in: SignIn, database: Database, held: Office
) -> None:
    token = sign_in(client, held.desk)
    form = {"csrf_token": token, "until": _local(datetime.now(UTC) + DAY), "judge": "", "reason": "Mất điện."}

    preview = client.post(_page(held), data={**form, "act": "preview"})
    with database.reading() as session:
        before = (session.query(RoundExtension).count(), session.query(SentMessage).count())
    unseen = client.post(_page(held), data={**form, "act": "apply", "seen": ""})
    answer = client.post(_page(held), data={**form, "act": "apply", "seen": _seen(preview.text)})

    assert (preview.status_code, before) == (200, (0, 0))
    assert "2 judges whose sheets are awaited are told by letter." in preview.text
    assert "Mất điện." in preview.text
    assert (unseen.status_code, answer.status_code) == (200, 302)
    with database.reading() as session:
        assert session.query(RoundExtension).one().reason == "Mất điện."
        ends = _stage(session, held).ends_at
        assert ends is not None
        assert _local(ends) == form["until"]
        assert session.query(SentMessage).filter_by(kind="round-end").count() == 2
    shown = client.get(_page(held)).text
    assert f"{held.desk.name}:" in shown
    assert "for all judges" in shown


def test_end_of_one_judge_tells_this_one_alone(
    client: FlaskClient, sign_in: SignIn, database: Database, held: Office
) -> None:
    token, judge = sign_in(client, held.desk), held.judges[1]
    form = {"csrf_token": token, "until": _local(datetime.now(UTC) + DAY), "judge": judge.id, "reason": "Đi công tác."}

    preview = client.post(_page(held), data=form)
    client.post(_page(held), data={**form, "act": "apply", "seen": _seen(preview.text)})

    with database.reading() as session:
        made = session.query(RoundExtension).one()
        assert made.judge_id == judge.id
        letter = session.query(SentMessage).filter_by(kind="round-end").one()
        assert letter.account_id == judge.account_id
        assert _stage(session, held).ends_at == made.old_at


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"until": "soon"}, "Write the day and the time"),
        ({"until": "0001-01-01T00:00"}, "Write the day and the time"),
        ({"until": "9999-12-31T23:59"}, "within 400 days"),
        ({"until": "2021-01-01T00:00"}, "The end must still be to come."),
        ({"reason": " "}, "Write the reason"),
        ({"judge": "nobody"}, "That judge is not there any more."),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    client: FlaskClient, sign_in: SignIn, database: Database, held: Office, typed: dict[str, str], told: str
) -> None:
    token = sign_in(client, held.desk)
    form = {"csrf_token": token, "until": _local(datetime.now(UTC) + DAY), "judge": "", "reason": "Lý do.", **typed}

    answer = client.post(_page(held), data={**form, "act": "apply"})

    assert (answer.status_code, told in answer.text) == (422, True)
    assert f'value="{form["until"]}"' in answer.text
    with database.reading() as session:
        assert session.query(RoundExtension).count() == 0


def test_late_sheet_is_listed_and_taken(client: FlaskClient, sign_in: SignIn, database: Database, held: Office) -> None:
    with database.writing() as session:
        sheet = _sheet(session, held)
        note_late(session, assignment=sheet, received_at=datetime.now(UTC), now=datetime.now(UTC))
        sheet_id = sheet.id
    token = sign_in(client, held.desk)
    progress = client.get(f"/organise/{held.contest.slug}/rounds/{PRELIMINARY}/progress").text
    listed = client.get(_page(held)).text

    without = client.post(f"/organise/assignments/{sheet_id}/late", data={"csrf_token": token, "reason": ""})
    with database.reading() as session:
        assert session.query(LateSheet).one().taken_at is None
    answer = client.post(f"/organise/assignments/{sheet_id}/late", data={"csrf_token": token, "reason": "Mất mạng."})

    assert "1 sheet came after the end and waits for a decision." in progress
    assert "Take it all the same" in listed
    assert without.status_code == answer.status_code == 302
    after = client.get(_page(held)).text
    assert "Taken, waits for its judge" in after
    assert "is taken until the round is closed" in after
    with database.reading() as session:
        assert session.query(LateSheet).one().taken_by_id == held.desk.id


def _sheet(session: Session, held: Office) -> Assignment:
    return session.query(Assignment).filter_by(judge_id=held.judges[0].id).one()


def test_page_is_closed_to_an_organiser_who_judges_and_to_others(
    client: FlaskClient, sign_in: SignIn, database: Database, held: Office
) -> None:
    with database.writing() as session:
        stranger = make_account(session)
        judge = held.judges[0].account
        make_judge(session, held.contest, account=held.desk)

    token = sign_in(client, held.desk)
    form = {"csrf_token": token, "until": _local(datetime.now(UTC) + DAY), "reason": "Lý do.", "act": "apply"}
    assert client.get(_page(held)).status_code == 403
    assert client.post(_page(held), data=form).status_code == 403
    for account in (judge, stranger):
        sign_in(client, account)
        assert client.get(_page(held)).status_code == 404


def test_closed_round_asks_until_when_it_is_opened_again(
    client: FlaskClient, sign_in: SignIn, database: Database, held: Office
) -> None:
    with database.writing() as session:
        _stage(session, held).state = "closed"
    token = sign_in(client, held.desk)
    here = f"/organise/{held.contest.slug}/rounds/{PRELIMINARY}"
    form = {"csrf_token": token, "act": "reopen", "reason": "Kiểm tra lại."}

    page = client.get(f"{here}/progress").text
    refused = client.post(here, data=form)
    answer = client.post(here, data={**form, "until": _local(datetime.now(UTC) + DAY)})

    assert 'name="until"' in page
    assert (refused.status_code, "say until when sheets are taken again" in refused.text) == (422, True)
    assert answer.status_code == 302
    with database.reading() as session:
        assert _stage(session, held).state == "open"
