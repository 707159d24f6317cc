"""The office's pages of letters: the log, the texts, and messages to chosen people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from judging.db.models import Account, Entry, MessageTemplate, SentMessage
from judging.services.letters import send_letter
from tests.factories import NOW, give_role, make_account, make_contest, make_entry

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from typing import Any

    from flask import Flask
    from flask.testing import FlaskClient

    from judging.services.platform import Platform

    SignIn = Callable[[FlaskClient, Account], str]

MESSAGE = {"subject_en": "{contest}", "text_en": "Dear {name}, “{title}”", "subject_vi": "", "text_vi": ""}


class Desk:
    """An organiser's browser, with the token of its forms."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client, self.token = client, token

    def post(self, path: str, **form: Any) -> Any:
        return self.client.post(f"/organise/thi/messages{path}", data={"csrf_token": self.token, **form})

    def get(self, path: str = "") -> str:
        answer = self.client.get(f"/organise/thi/messages{path}")
        assert answer.status_code == 200, answer.status
        return answer.text


@pytest.fixture
def desk(app: Flask, client: FlaskClient, platform: Platform, sign_in: SignIn) -> Desk:
    """An organiser of a contest in screening: two entries of different people, and a draft."""
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, slug="thi", phase="screening")
        organiser = make_account(session, email="btc@example.vn")
        give_role(session, contest, organiser, "organiser")
        for number, state in ((1, "submitted"), (2, "submitted"), (3, "draft")):
            owner = make_account(session, email=f"tac-gia-{number}@example.vn", name=f"Tác giả {number}")
            entry = make_entry(
                session, contest, owner=owner, number=number, state=state, title=f"Bài {{name}} {number}"
            )
            if number == 1:
                send_letter(
                    session, to=owner, subject="Kind letter", text="Read <b>this</b>.", params={}, now=NOW, about=entry,
                    kind="eligible",
                )  # fmt: skip
                session.execute(update(SentMessage).values(state="failed", answer="550 no such user"))
    return Desk(client, sign_in(client, organiser))


def logged(platform: Platform, kind: str) -> list[SentMessage]:
    with platform.database.reading() as session:
        return list(session.scalars(select(SentMessage).where(SentMessage.kind == kind).order_by(SentMessage.id)))


def test_log_shows_what_could_not_be_sent_and_filters(desk: Desk) -> None:
    page = desk.get()
    assert "Kind letter" in page
    assert "550 no such user" in page
    assert "Kind letter" in desk.get("?state=failed&kind=eligible&person=TAC-GIA&entry=1")
    for other in ("state=sent", "kind=receipt", "person=nobody", "entry=2", "entry=77", "entry=x"):
        assert "Kind letter" not in desk.get(f"?{other}")


def test_letter_is_shown_as_text_and_sent_again_once(desk: Desk, platform: Platform) -> None:
    (letter,) = logged(platform, "eligible")
    page = desk.get(f"/{letter.id}")
    assert "Read &lt;b&gt;this&lt;/b&gt;." in page
    assert [desk.post(f"/{letter.id}/again").status_code for _ in range(2)] == [302, 422]
    assert logged(platform, "eligible")[0].state == "queued"


def test_owner_reads_the_letter_on_the_entry_page(desk: Desk, app: Flask, platform: Platform, sign_in: SignIn) -> None:
    (letter,) = logged(platform, "eligible")
    with platform.database.reading() as session:
        owner = session.get_one(Account, letter.account_id)
    browser = app.test_client()
    sign_in(browser, owner)
    assert "Read &lt;b&gt;this&lt;/b&gt;." in browser.get(f"/entries/{letter.entry_id}/").text


def test_nobody_is_chosen_when_a_message_is_begun(desk: Desk) -> None:
    assert not re.search(r'name="(groups|picked|by_hand|per)"[^>]*checked', desk.get("/new"))
    answer = desk.post("/new", **MESSAGE, act="send")
    assert answer.status_code == 422
    assert "Nobody is chosen now." in answer.text


def test_each_reader_is_previewed_and_a_double_click_sends_once(desk: Desk, platform: Platform) -> None:
    form = {**MESSAGE, "groups": "submitted", "key": "one"}
    first, second = (desk.post("/new", **form, at=str(at)).text for at in (0, 1))
    assert "Dear Tác giả 1, “Bài {name} 1”" in first
    assert "Letter 1 of 2" in first
    assert "Dear Tác giả 2, “Bài {name} 2”" in second
    assert logged(platform, "announcement") == []
    assert [desk.post("/new", **form, act="send").status_code for _ in range(2)] == [302, 302]
    sent = logged(platform, "announcement")
    assert [row.text for row in sent] == ["Dear Tác giả 1, “Bài {name} 1”", "Dear Tác giả 2, “Bài {name} 2”"]
    assert "Nobody gets it twice." in desk.get()


def test_text_is_previewed_for_a_real_reader_saved_and_set_back(desk: Desk, platform: Platform) -> None:
    typed = {"subject": "Về {code}", "text": "Chào {name}: {reason}"}
    path = "/texts/returned/en"
    reader = re.search(r'<option value="([0-9a-f-]{36})"', desk.get(path))
    assert reader is not None
    shown = desk.post(path, **typed, act="preview", reader=reader[1]).text
    assert "Chào Tác giả 1: [Reason that was given]" in shown
    with platform.database.reading() as session:
        assert session.scalars(select(MessageTemplate)).all() == []
    assert desk.post(path, **typed, act="save").status_code == 302
    assert "Chào {name}: {reason}" in desk.get(path)
    refused = desk.post(path, subject="{secret}", text="x", act="save")
    assert refused.status_code == 422
    assert "There is no placeholder {secret}" in refused.text
    assert desk.post(path, act="reset").status_code == 302
    assert "Chào {name}" not in desk.get(path)


def test_kind_that_is_not_written_anew_is_not_found(desk: Desk) -> None:
    for path in ("/texts/announcement/en", "/texts/returned/de", "/texts/nothing/en"):
        assert desk.client.get(f"/organise/thi/messages{path}").status_code == 404


def test_quiet_hours_and_reminders_are_set_and_refused_by_name(desk: Desk) -> None:
    good = {"quiet_from": "22:00", "quiet_until": "05:30", "steps": "168, 12"}
    assert desk.post("/texts", **good).status_code == 302
    assert 'value="168, 12"' in desk.get("/texts")
    refused = desk.post("/texts", **{**good, "steps": "0"})
    assert refused.status_code == 422
    assert "at least 1 hour" in refused.text


def test_log_is_closed_to_strangers(desk: Desk, app: Flask, platform: Platform, sign_in: SignIn) -> None:
    (letter,) = logged(platform, "eligible")
    with platform.database.writing() as session:
        stranger = make_account(session)
    browser = app.test_client()
    token = sign_in(browser, stranger)
    for path in ("", "/new", "/texts", f"/{letter.id}"):
        assert browser.get(f"/organise/thi/messages{path}").status_code == 404
    assert browser.post(f"/organise/thi/messages/{letter.id}/again", data={"csrf_token": token}).status_code == 404


def test_log_asks_no_more_of_the_database_for_more_letters(
    desk: Desk, platform: Platform, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    desk.get()
    with count_queries() as few:
        desk.get()
    with platform.database.writing() as session:
        for entry in session.scalars(select(Entry)).all():
            for number in range(12):
                send_letter(
                    session, to=entry.owner, subject=f"Letter {number}", text="t", params={}, now=NOW, about=entry
                )
    with count_queries() as many:
        page = desk.get()
    assert page.count("Letter 11") == 3
    assert len(many) == len(few)
