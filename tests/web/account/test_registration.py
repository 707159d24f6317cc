"""Making an account: nothing before the letter is answered, and no two accounts that look like one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import func, select

from judging.db.models import Account, AuditEvent, Job, OneTimeSecret
from judging.services.access.accounts import password_fits
from judging.services.attempts import LIMITS, Act
from tests.factories import PASSWORD, make_account
from tests.letters import code_in, last_letter, letters_to, link_in
from tests.web.conftest import csrf_token
from tests.web.letter_pages import follow, press

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from judging.services.platform import Platform

EMAIL = "ly@example.vn"


def register(client: FlaskClient, email: str = EMAIL, **fields: str) -> TestResponse:
    form = {"name": "Lý  Mẫu", "email": email, "password": PASSWORD, "csrf_token": csrf_token(client, "/register")}
    return client.post("/register", data={**form, **fields})


def type_code(client: FlaskClient, code: str) -> TestResponse:
    return client.post("/letter/sent", data={"code": code, "csrf_token": csrf_token(client, "/letter/sent")})


def count_accounts(platform: Platform) -> int:
    with platform.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Account)) or 0


def test_weak_password_is_refused_with_its_reason(client: FlaskClient) -> None:
    answer = register(client, password="12345678")

    assert answer.status_code == 422
    assert "one of the first that a stranger would try" in answer.text


def test_code_of_the_letter_makes_the_account_and_signs_in(client: FlaskClient, platform: Platform) -> None:
    answer = register(client)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/letter/sent")
    assert (count_accounts(platform), client.get("/account").status_code) == (0, 302)
    code = code_in(last_letter(platform, EMAIL))
    assert type_code(client, f"{code[:4]} {code[4:]}").status_code == 302
    assert "Lý Mẫu" in client.get("/account").text


def test_link_of_the_letter_works_on_another_device_and_only_by_its_button(
    client: FlaskClient, platform: Platform
) -> None:
    register(client, next="/account")
    link = link_in(last_letter(platform, EMAIL))
    phone, scanner = client.application.test_client(), client.application.test_client()

    assert follow(scanner, link).status_code == 200
    assert follow(phone, link).status_code == 200
    assert count_accounts(platform) == 0
    pressed = press(phone)

    assert (pressed.status_code, pressed.headers["Location"]) == (302, "/account")
    assert "Lý Mẫu" in phone.get("/account").text
    assert client.get("/account").status_code == 302
    assert (press_again(scanner), count_accounts(platform)) == (410, 1)


def press_again(client: FlaskClient) -> int:
    return client.post("/letter/open", data={"csrf_token": csrf_token(client)}).status_code


def test_wrong_codes_use_the_letter_up(client: FlaskClient, platform: Platform) -> None:
    register(client)
    code = code_in(last_letter(platform, EMAIL))
    wrong = f"{(int(code) + 1) % 10**8:08}"

    statuses = [type_code(client, wrong).status_code for _ in range(5)]

    assert statuses == [422] * 5
    assert type_code(client, code).status_code == 422
    assert count_accounts(platform) == 0


def test_code_holds_ten_minutes_and_the_link_a_day(client: FlaskClient, platform: Platform) -> None:
    register(client)
    letter = last_letter(platform, EMAIL)

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        assert type_code(client, code_in(letter)).status_code == 422
        assert follow(client, link_in(letter)).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        assert follow(client, link_in(letter)).status_code == 410


def test_only_the_newest_letter_counts_and_its_password_holds(client: FlaskClient, platform: Platform) -> None:
    register(client, password="of somebody who squats the address")
    first = link_in(last_letter(platform, EMAIL))
    owner = client.application.test_client()
    register(owner)

    assert follow(client, first).status_code == 410
    follow(owner, link_in(last_letter(platform, EMAIL)))
    press(owner)

    with platform.database.reading() as session:
        assert password_fits(session.scalars(select(Account)).one(), PASSWORD)


def test_known_address_gets_a_letter_that_says_so_and_keeps_its_account(
    client: FlaskClient, platform: Platform, person: Account
) -> None:
    answer = register(client, person.email, password="another password than before")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/letter/sent")
    (letter,) = letters_to(platform, person.email)
    assert letter.subject == "You have an account already"
    assert type_code(client, "12345678").status_code == 422
    with platform.database.reading() as session:
        assert password_fits(session.get_one(Account, person.id), PASSWORD)


def test_letters_to_strangers_carry_no_words_of_whoever_asked(client: FlaskClient, platform: Platform) -> None:
    register(client, name="Buy at http://evil.example now")

    assert "evil" not in last_letter(platform, EMAIL)


@pytest.mark.parametrize(
    "twin",
    [
        " an@example.vn", "AN@EXAMPLE.VN", "ａｎ@example.vn", "a\u200bn@example.vn", "an\ufeff@example.vn",
        "an@ｅxample.vn", "\u202ean@example.vn", "a\u00adn@example.vn",
    ],
)  # fmt: skip
def test_address_that_is_the_same_to_a_reader_is_the_same_account(
    client: FlaskClient, platform: Platform, person: Account, twin: str
) -> None:
    answer = register(client, twin)

    assert answer.status_code == 302
    # What was typed is nowhere written to: the letter goes to the address that is stored.
    assert [letter.subject for letter in letters_to(platform, person.email)] == ["You have an account already"]
    assert count_accounts(platform) == 1


@pytest.mark.parametrize(
    "twin", ["\u0430n@example.vn", "\u0430\u043f@example.vn", "an\u0307@example.vn", "а́n@example.vn"]
)
def test_address_with_letters_of_another_script_is_refused(
    client: FlaskClient, platform: Platform, person: Account, twin: str
) -> None:
    answer = register(client, twin)

    assert answer.status_code == 422
    assert count_accounts(platform) == 1


def test_domain_of_another_script_is_kept_in_its_ascii_form(client: FlaskClient, platform: Platform) -> None:
    register(client, "an@ex\u0430mple.vn")
    ascii_form = "an@xn--exmple-4nf.vn"
    type_code(client, code_in(last_letter(platform, ascii_form)))

    with platform.database.reading() as session:
        account = session.scalars(select(Account)).one()
        assert (account.email, account.email_key) == (ascii_form, ascii_form)


def test_name_loses_what_cannot_be_seen(client: FlaskClient, platform: Platform) -> None:
    register(client, name="Lý\u200b \u202eMẫu\u2060")
    type_code(client, code_in(last_letter(platform, EMAIL)))

    assert "Lý Mẫu" in client.get("/account").text
    assert register(client.application.test_client(), "be@example.vn", name="\u200b\u3164").status_code == 422


def test_letter_to_somebody_who_was_invited_meanwhile_sets_the_first_password(
    client: FlaskClient, platform: Platform
) -> None:
    register(client)
    code = code_in(last_letter(platform, EMAIL))
    with platform.database.writing() as session:
        make_account(session, email=EMAIL, name="Giám Khảo Mẫu", password_hash="")

    assert type_code(client, code).status_code == 302

    assert "Giám Khảo Mẫu" in client.get("/account").text
    assert count_accounts(platform) == 1


def test_too_many_letters_are_refused_for_any_address(client: FlaskClient, platform: Platform, person: Account) -> None:
    for email in (person.email, "nobody@example.vn"):
        answers = [register(client, email) for _ in range(LIMITS[Act.LETTER].by_pair + 1)]
        assert [answer.status_code for answer in answers[-2:]] == [302, 429]
        assert int(answers[-1].headers["Retry-After"]) > 0


def test_nothing_that_opens_anything_lies_readable_in_the_database(client: FlaskClient, platform: Platform) -> None:
    register(client)
    letter = last_letter(platform, EMAIL)
    token, code = link_in(letter).split("key=")[1], code_in(letter)

    with platform.database.reading() as session:
        jobs = [str(job.payload) for job in session.scalars(select(Job))]
        secret = session.scalars(select(OneTimeSecret)).one()
        events = [str(event.details) for event in session.scalars(select(AuditEvent))]

    stored = " ".join([*jobs, *events, secret.token_sha256, secret.code_hmac, str(secret.payload)])
    assert (token in stored, code in stored, PASSWORD in stored) == (False, False, False)
