"""What is logged of a request: a number, who, what and how it ended; never a secret, never more than one line."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from judging.cli.logs import configure_logs
from judging.composition import create_web
from judging.domain.policy import policy
from tests.factories import PASSWORD, make_account, make_contest, make_entry
from tests.operations.conftest import csrf_token

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from judging.db.models import Account
    from judging.services.platform import Platform

Records = Callable[[], list[dict[str, Any]]]


class Stream(io.StringIO):
    """Standard error that is no terminal."""


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stream]:
    """Everything that is logged as JSON."""
    stream = Stream()
    root = logging.getLogger()
    level = root.level
    monkeypatch.setattr("sys.stderr", stream)
    configure_logs(style="json", level=logging.INFO)
    yield stream
    for handler in [one for one in root.handlers if getattr(one, "stream", None) is stream]:
        root.removeHandler(handler)
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def records(log: Stream) -> Records:
    return lambda: [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.fixture
def person(platform: Platform) -> Account:
    with platform.database.writing() as session:
        return make_account(session, name="Nguyễn\nVăn Mẫu", email="person.of.interest@example.vn")


def sign_in(client: FlaskClient, account: Account, password: str = PASSWORD) -> int:
    values = {"email": account.email, "password": password, "csrf_token": csrf_token(client)}
    return client.post("/login", data=values).status_code


def test_each_answer_has_a_number_and_a_line_with_it(client: FlaskClient, records: Records) -> None:
    answers = [client.get("/"), client.get("/nowhere"), client.get("/login")]

    numbers = [answer.headers["X-Request-Id"] for answer in answers]
    told = [one for one in records() if one["event"] == "request"]
    assert [one["request"] for one in told] == numbers
    assert len(set(numbers)) == 3
    assert [(one["method"], one["route"], one["status"]) for one in told] == [
        ("GET", "/", 200), ("GET", "(none)", 404), ("GET", "/login", 200),
    ]  # fmt: skip
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", one["time"]) for one in told)


def test_number_of_the_request_is_believed_only_from_a_proxy(platform: Platform, client: FlaskClient) -> None:
    behind = create_web(replace(platform, settings=replace(platform.settings, trusted_proxies=1))).test_client()
    number = "0b7f4d1c-from-proxy"

    assert client.get("/", headers={"X-Request-Id": number}).headers["X-Request-Id"] != number
    assert behind.get("/", headers={"X-Request-Id": number}).headers["X-Request-Id"] == number
    for forged in ("short", "x" * 65, 'a"b\\c{}<>def', "với dấu dài"):
        assert behind.get("/", headers={"X-Request-Id": forged}).headers["X-Request-Id"] != forged


def test_sign_in_is_logged_with_the_account_and_never_with_address_or_password(
    client: FlaskClient, person: Account, records: Records, log: Stream
) -> None:
    assert sign_in(client, person, "sai mật khẩu hoàn toàn") >= 400
    assert sign_in(client, person) == 302
    client.post("/logout", data={"csrf_token": csrf_token(client, "/account")})

    events = [(one["event"], one.get("actor")) for one in records() if one["logger"] == "judging.security"]
    assert events == [("sign-in-refused", None), ("signed-in", person.id), ("signed-out", person.id)]
    assert {one["client"] for one in records() if one["logger"] == "judging.security"} == {"127.0.0.1"}
    for secret in ("person.of.interest", PASSWORD, "sai mật khẩu", "Văn Mẫu", "session="):
        assert secret not in log.getvalue()


def test_denied_rights_are_logged_with_who_and_what(
    client: FlaskClient, platform: Platform, person: Account, records: Records
) -> None:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry)
        entry = make_entry(session, contest)
    sign_in(client, person)

    assert client.get(f"/entries/{entry.id}/").status_code == 404

    (denied,) = [one for one in records() if one["event"] == "denied"]
    assert (denied["actor"], denied["status"], denied["entry_id"]) == (person.id, 404, entry.id)
    assert denied["level"] == "warning"


def test_form_without_its_token_is_logged(client: FlaskClient, records: Records) -> None:
    assert client.post("/login", data={"email": "a@example.vn", "password": "x"}).status_code == 400

    assert [one["route"] for one in records() if one["event"] == "form-token-refused"] == ["/login"]


def test_query_and_address_never_reach_the_log(client: FlaskClient, log: Stream) -> None:
    client.get("/?token=geheim1234")
    client.get("/reset/geheim1234")
    client.get("/contests/geheim%0a1234/results?email=a@example.vn")

    assert "geheim1234" not in log.getvalue()
    assert "a@example.vn" not in log.getvalue()


def test_name_with_a_line_break_stays_on_one_line(log: Stream, records: Records) -> None:
    logging.getLogger("judging.test").warning("entry of %s", 'Mẫu\n{"level": "error", "event": "forged"}\r\u2028')

    assert len(log.getvalue().splitlines()) == 1
    assert records()[0]["event"].startswith("entry of Mẫu\n")


def test_text_for_a_terminal_stays_on_one_line_too(log: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", log)
    configure_logs(style="text", level=logging.INFO)

    logging.getLogger("judging.test").warning("entry of %s", "Mẫu\n2026-01-01 forged\x1b[2K")
    structlog.get_logger("judging.jobs").warning("job_failed", name="Mẫu\nforged")

    lines = log.getvalue().splitlines()
    assert len(lines) == 2
    assert "Mẫu\\u000a2026-01-01 forged\\u001b[2K" in lines[0]


def test_secrets_are_taken_out_of_whatever_is_logged(log: Stream) -> None:
    logging.getLogger("judging.test").error(
        "cannot reach postgresql://judge:hunter2@db/judging for mai@example.vn at /reset?token=abc123",
        extra={"password": "hunter3"},
    )
    structlog.get_logger("judging.jobs").error("job_failed", api_key="hunter4", url="smtp://u:hunter5@mail")

    assert [word for word in ("hunter", "mai@", "abc123") if word in log.getvalue()] == []


def test_failure_is_logged_with_its_traceback_and_the_number_on_the_page(
    app: Flask, platform: Platform, records: Records
) -> None:
    @app.get("/broken/<token>")
    @policy("public")
    def broken(token: str) -> str:
        raise ValueError(f"the marks of {token} and mai@example.vn\ndo not add up")

    client = app.test_client()
    client.set_cookie("lang", "en")
    answer = client.get("/broken/geheim")

    number = answer.headers["X-Request-Id"]
    assert answer.status_code == 500
    assert f"<code>{number}</code>" in answer.text
    assert "Traceback" not in answer.text
    failure = next(one for one in records() if "exception" in one)
    assert (failure["request"], failure["event"]) == (number, "unexpected error at /broken/<token>")
    assert "ValueError" in failure["exception"]
    assert "mai@example.vn" not in failure["exception"]


def test_stored_values_stay_out_of_database_errors(platform: Platform, person: Account, log: Stream) -> None:
    name = "Người " + "Bí Mật"
    with pytest.raises(Exception, match="account") as caught, platform.database.writing() as session:
        make_account(session, name=name, email=person.email)
    logging.getLogger("judging.test").error("no", exc_info=caught.value)

    assert [word for word in ("person.of.interest", name) if word in log.getvalue()] == []


def test_health_and_static_files_are_not_logged(client: FlaskClient, records: Records) -> None:
    client.get("/healthz")
    client.get("/readyz")
    client.get("/static/css/base.css").close()

    assert [one for one in records() if one["event"] == "request"] == []
