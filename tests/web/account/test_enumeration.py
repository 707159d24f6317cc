"""Nobody learns from an answer who has an account: equal status, equal bytes, equal work, equal time."""

from __future__ import annotations

import re
import statistics
import time
from typing import TYPE_CHECKING, Any

import pytest
from argon2 import PasswordHasher

from judging.db.models import LoginFailure
from judging.services.access.accounts import hash_password
from judging.services.attempts import LIMITS, Act
from tests.factories import NOW, PASSWORD, make_account
from tests.letters import last_letter, link_in
from tests.web.conftest import csrf_token
from tests.web.letter_pages import follow, press

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from judging.db.models import Account
    from judging.services.platform import Platform

UNKNOWN = "nobody@example.vn"
WAYS = {
    "log-in": ("/login", {"password": "wrong wrong wrong"}),
    "reset": ("/password/forgotten", {}),
    "register": ("/register", {"name": "Mẫu", "password": PASSWORD}),
    "letter": ("/login/letter", {}),
}
KNOWN: dict[str, dict[str, Any]] = {
    "with password": {},
    "invited": {"password_hash": ""},
    "closed": {"disabled_at": NOW},
}
GAP = 0.005
_PAIRS = 18
_ROUNDS = 4


@pytest.fixture(scope="module")
def real_hash() -> str:
    """As the program makes it: that of other tests is compared so quickly that the time would tell who has one."""
    return hash_password(PASSWORD)


@pytest.fixture
def person(platform: Platform, real_hash: str) -> Account:
    """Somebody with an account and a password that it takes as long to compare as anybody's."""
    with platform.database.writing() as session:
        return make_account(session, email="an@example.vn", name="Lê Mẫu An", password_hash=real_hash)


def post(client: FlaskClient, way: str, email: str) -> TestResponse:
    address, fields = WAYS[way]
    return client.post(address, data={**fields, "email": email, "csrf_token": csrf_token(client, address)})


def told(client: FlaskClient, answer: TestResponse, email: str) -> tuple[Any, ...]:
    """All that an answer says, and the page it leads to, without the address that was typed and what is always new."""
    led_to = client.get(answer.headers["Location"]).text if answer.status_code == 302 else ""
    bodies = [re.sub(r'csrf_token"[^>]*value="[^"]+"', "", text).replace(email, "…") for text in (answer.text, led_to)]
    changing = {"Set-Cookie", "X-Request-Id", "Content-Length"}
    headers = sorted((name, value) for name, value in answer.headers if name not in changing)
    return answer.status_code, headers, bodies


def forget_attempts(platform: Platform) -> None:
    with platform.database.writing() as session:
        session.query(LoginFailure).delete()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("known", KNOWN)
def test_known_and_unknown_addresses_are_answered_with_the_same_bytes(
    client: FlaskClient, platform: Platform, way: str, known: str
) -> None:
    with platform.database.writing() as session:
        make_account(session, email="known@example.vn", **KNOWN[known])
    other = client.application.test_client()
    other.set_cookie("lang", "en")

    one = told(client, post(client, way, "known@example.vn"), "known@example.vn")
    two = told(other, post(other, way, UNKNOWN), UNKNOWN)

    assert one == two


@pytest.mark.parametrize("way", WAYS)
def test_limit_stops_known_and_unknown_addresses_after_as_many_tries(
    client: FlaskClient, person: Account, way: str
) -> None:
    most = LIMITS[Act.SIGN_IN if way == "log-in" else Act.LETTER].by_pair

    statuses = [[post(client, way, email).status_code for _ in range(most + 1)] for email in (person.email, UNKNOWN)]

    assert statuses[0] == statuses[1]
    assert statuses[0][-2:] == [422 if way == "log-in" else 302, 429]


@pytest.mark.parametrize("way", WAYS)
def test_as_many_passwords_are_hashed_for_known_and_unknown_addresses(
    client: FlaskClient, person: Account, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow: list[str] = []
    for name in ("hash", "verify"):
        real = getattr(PasswordHasher, name)

        def counted(self: PasswordHasher, *given: Any, real: Any = real, name: str = name, **more: Any) -> Any:
            slow.append(name)
            return real(self, *given, **more)

        monkeypatch.setattr(PasswordHasher, name, counted)
    # The decoy is hashed once for each process, at the first unknown address.
    post(client, way, "first@example.vn")
    slow.clear()

    post(client, way, person.email)
    known, slow[:] = list(slow), []
    post(client, way, UNKNOWN)

    assert slow == known
    assert known == {"log-in": ["verify"], "register": ["hash"]}.get(way, [])


@pytest.mark.parametrize("way", WAYS)
def test_known_and_unknown_addresses_take_the_same_time(
    client: FlaskClient, platform: Platform, person: Account, way: str
) -> None:
    address, fields = WAYS[way]
    token = csrf_token(client, address)

    def seconds(email: str) -> float:
        start = time.perf_counter()
        client.post(address, data={**fields, "email": email, "csrf_token": token})
        return time.perf_counter() - start

    def gap() -> float:
        gaps = []
        for number in range(_PAIRS):
            if number % 3 == 0:
                forget_attempts(platform)
            # In turns, and in turns first: whatever slows the machine down slows both.
            first, second = (person.email, UNKNOWN) if number % 2 else (UNKNOWN, person.email)
            took = {first: seconds(first), second: seconds(second)}
            gaps.append(took[person.email] - took[UNKNOWN])
        return abs(statistics.median(gaps))

    seconds(person.email)
    # What the code does takes its time in every round; what else runs on the machine, in some.
    assert any(gap() < GAP for _ in range(_ROUNDS))


def test_link_that_never_was_is_answered_as_one_that_is_used_up(
    client: FlaskClient, platform: Platform, person: Account
) -> None:
    post(client, "letter", person.email)
    link = link_in(last_letter(platform, person.email))
    visitor = client.application.test_client()
    visitor.set_cookie("lang", "en")
    follow(visitor, link)
    press(visitor)
    guest = client.application.test_client()
    guest.set_cookie("lang", "en")

    used, unknown = follow(guest, link), follow(guest, "/letter?key=never")

    assert (used.status_code, unknown.status_code) == (410, 410)
    assert used.data == unknown.data
