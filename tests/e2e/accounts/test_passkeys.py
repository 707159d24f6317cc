"""Passkeys in a real browser, with an authenticator that the browser plays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from judging.db.models import LoginSession, Passkey
from tests.e2e.steps_office import sign_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.services.platform import Platform
    from tests.e2e.stage import Person
    from tests.e2e.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


class Authenticator:
    """A device with a finger print, inside a visitor's browser."""

    def __init__(self, visitor: Visitor, *, verifies: bool = True) -> None:
        self._session = visitor.page.context.new_cdp_session(visitor.page)
        self._session.send("WebAuthn.enable")
        made = self._session.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": verifies,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        self._id = made["authenticatorId"]

    def verifies(self, *, user: bool) -> None:
        """Let the device know its user, or not."""
        self._session.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": user})

    def credentials(self) -> list[dict[str, object]]:
        """What the device keeps."""
        found: list[dict[str, object]] = self._session.send(
            "WebAuthn.getCredentials", {"authenticatorId": self._id}
        )["credentials"]  # fmt: skip
        return found


def add_passkey(visitor: Visitor, name: str) -> None:
    words = visitor.words
    visitor.go("/account/second-factor")
    visitor.fill(words("Name of the new passkey"), name)
    visitor.press(words("Add a passkey"))


def sign_out(visitor: Visitor) -> None:
    visitor.page.context.clear_cookies(name="session")
    visitor.go("/login")


@pytest.mark.parametrize(("language", "width"), [("vi", 360), ("en", 1280)])
def test_passkey_is_added_named_used_and_removed(
    meet: Callable[..., Visitor], platform: Platform, somebody: Callable[[str], Person], language: str, width: int
) -> None:
    person, visitor = somebody(language), meet(language, width)
    words, device = visitor.words, Authenticator(visitor)
    sign_in(visitor, person)

    add_passkey(visitor, "Điện thoại mẫu")
    expect(visitor.page.get_by_role("row").filter(has_text="Điện thoại mẫu")).to_be_visible()
    (kept,) = device.credentials()
    assert kept["isResidentCredential"]

    sign_out(visitor)
    visitor.press(words("Sign in with a passkey"))
    visitor.go("/account")
    expect(visitor.page.locator(".page-header .lead")).to_have_text(person.email)
    with platform.database.reading() as session:
        last = session.scalars(select(LoginSession).order_by(LoginSession.id.desc())).first()
        assert last is not None
        assert (last.method, last.is_strong) == ("passkey", True)
        assert session.scalars(select(Passkey.sign_count)).one() > 0

    visitor.go("/account/second-factor")
    visitor.page.get_by_text(words("Change")).first.click()
    visitor.fill(words("Name"), "Máy tính mẫu")
    visitor.press(words("Record"))
    expect(visitor.page.get_by_role("row").filter(has_text="Máy tính mẫu")).to_be_visible()
    visitor.page.get_by_text(words("Change")).first.click()
    visitor.press(words("Remove this passkey"))
    expect(visitor.page.get_by_text(words("There is none yet."))).to_be_visible()


def test_removed_passkey_and_device_that_does_not_know_its_user_open_nothing(
    meet: Callable[..., Visitor], platform: Platform, somebody: Callable[[str], Person]
) -> None:
    person, visitor = somebody("en"), meet("en", 768)
    device = Authenticator(visitor)
    sign_in(visitor, person)
    add_passkey(visitor, "Phone")
    sign_out(visitor)

    device.verifies(user=False)
    visitor.page.get_by_role("button", name="Sign in with a passkey").click()
    problem = visitor.page.locator("[data-passkey] [role=alert]")
    expect(problem).to_have_text("Nothing was done: the device was not asked, or said no.")

    device.verifies(user=True)
    with platform.database.writing() as session:
        session.query(Passkey).delete()
    visitor.page.get_by_role("button", name="Sign in with a passkey").click()
    expect(problem).to_have_text("That passkey was not accepted. Try again, or sign in another way.")
    assert visitor.answer_of("/account/second-factor") == 200
    expect(visitor.page).to_have_url(f"{platform.settings.base_url}/login")
    # The browser tells of the refusal, which is what was wanted here.
    visitor.faults = [fault for fault in visitor.faults if "422" not in fault]


def test_answer_to_one_challenge_opens_nothing_a_second_time(
    meet: Callable[..., Visitor], platform: Platform, somebody: Callable[[str], Person]
) -> None:
    person, visitor = somebody("en"), meet("en", 768)
    Authenticator(visitor)
    sign_in(visitor, person)
    add_passkey(visitor, "Phone")
    sign_out(visitor)
    with visitor.page.expect_request("**/login/passkey") as sent:
        visitor.press("Sign in with a passkey")
    answer = sent.value.post_data_json
    thief = meet("en", 768)
    thief.go("/login")
    token = thief.page.locator("input[name=csrf_token]").first.get_attribute("value") or ""

    replayed = thief.page.request.post(
        f"{platform.settings.base_url}/login/passkey", data=answer, headers={"X-CSRFToken": token}
    )  # fmt: skip

    assert replayed.status == 422
    assert thief.page.request.get(f"{platform.settings.base_url}/account", max_redirects=0).status == 302
