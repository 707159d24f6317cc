"""Every way into an account and out of it, as people go them: pages, letters, codes, a lost phone, a planted cookie."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e.steps_office import sign_in
from tests.letters import code_in, link_in
from tests.web.account.apps import code_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.services.platform import Platform
    from tests.e2e.stage import Person
    from tests.e2e.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NEW = "tre già măng mọc trên đồi"


def signed_in_as(visitor: Visitor) -> str | None:
    """The address of the person who is signed in, or None."""
    visitor.go("/account")
    if urlsplit(visitor.page.url).path != "/account":
        return None
    return visitor.page.locator(".page-header .lead").inner_text()


@pytest.mark.parametrize(("language", "width"), [("vi", 360), ("en", 1280)])
def test_new_person_registers_sets_up_an_app_and_comes_back_after_forgetting_the_password(
    meet: Callable[..., Visitor], platform: Platform, language: str, width: int
) -> None:
    visitor, email = meet(language, width), "moi@example.vn"
    words = visitor.words
    visitor.go("/login")
    visitor.follow(words("Make an account to enter a contest"))
    visitor.fill(words("Your name"), "Trần Mẫu Mới")
    visitor.fill(words("E-mail address"), email)
    visitor.fill(words("Password"), "vit con di hoc")
    visitor.press(words("Make the account"))
    visitor.reads(words("Look into your mail"))
    visitor.go(link_in(visitor.read_letter(email)))
    visitor.press(words("Confirm and sign in"))
    assert signed_in_as(visitor) == email

    secret = _set_up_app(visitor)
    visitor.follow(words("I have kept them"))
    visitor.page.context.clear_cookies(name="session")

    visitor.go("/login")
    visitor.follow(words("Forgotten your password?"))
    visitor.fill(words("E-mail address"), email)
    visitor.press(words("Send the letter"))
    link = link_in(visitor.read_letter(email))
    visitor.go(link)
    assert "key=" not in visitor.page.url
    visitor.fill(words("New password"), NEW)
    visitor.press(words("Set the password"))
    visitor.fill(words("E-mail address"), email)
    visitor.fill(words("Password"), NEW)
    visitor.press(words("Sign in"))
    visitor.reads(words("One more step"))
    visitor.fill(words("Code"), code_of(secret))
    visitor.press(words("Go on"))
    assert signed_in_as(visitor) == email


def _set_up_app(visitor: Visitor) -> str:
    """Set an authenticator app up and return its secret. The code used is the one before, so that the next is fresh."""
    words = visitor.words
    visitor.go("/account")
    visitor.follow(words("Passkeys and second factor"))
    visitor.press(words("Set up an app"))
    expect(visitor.page.get_by_role("img", name=words("The key as a picture for the app"))).to_be_visible()
    secret = visitor.page.get_by_role("code").inner_text()
    visitor.fill(words("Code"), code_of(secret, _one_step_ago()))
    visitor.press(words("Use the app"))
    visitor.reads(words("Your recovery codes"))
    return secret


def _one_step_ago() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=30)


@pytest.mark.parametrize(("language", "width"), [("vi", 360), ("en", 768)])
def test_judge_signs_in_by_code_and_ends_the_session_on_a_lost_phone(
    meet: Callable[..., Visitor], platform: Platform, somebody: Callable[[str], Person], language: str, width: int
) -> None:
    person, phone, desk = somebody(language), meet(language, 360), meet(language, width)
    words = desk.words
    sign_in(phone, person)
    desk.go("/login")
    desk.follow(words("Sign in by a code that comes by e-mail"))
    desk.fill(words("E-mail address"), person.email)
    desk.press(words("Send the letter"))
    desk.fill(words("Code"), code_in(desk.read_letter(person.email)))
    desk.press(words("Go on"))
    desk.go("/account")
    expect(desk.page.locator("#sessions").get_by_role("row")).to_have_count(3)

    desk.press(words("Sign out everywhere else"))
    # The very next request of the phone is refused: nothing there has to run out first.
    assert phone.page.request.get(f"{platform.settings.base_url}/account", max_redirects=0).status == 302
    assert signed_in_as(phone) is None
    assert signed_in_as(desk) == person.email


def test_cookie_that_was_planted_before_sign_in_is_worth_nothing_afterwards(
    meet: Callable[..., Visitor], platform: Platform, somebody: Callable[[str], Person]
) -> None:
    person, attacker, victim = somebody("en"), meet("en", 768), meet("en", 768)
    attacker.go("/login")
    planted = [one for one in attacker.page.context.cookies() if one["name"] == "session"]
    victim.page.context.add_cookies(
        [{"name": one["name"], "value": one["value"], "url": platform.settings.base_url} for one in planted]
    )
    sign_in(victim, person)

    assert signed_in_as(victim) == person.email
    assert signed_in_as(attacker) is None
    token = attacker.page.locator("input[name=csrf_token]").first.get_attribute("value") or ""
    forged = victim.page.request.post(
        f"{platform.settings.base_url}/account", form={"csrf_token": token, "name": "Kẻ Gian", "locale": "vi"}
    )  # fmt: skip
    assert forged.status == 400
