"""An entry half typed on one device, finished on another: network cut, page reloaded, server restarted, signed out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from judging.db.models import Account, Entry
from tests.factories import PASSWORD, make_account, make_contest, make_entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from judging.services.platform import Platform
    from tests.e2e.served import Site

pytestmark = pytest.mark.browser

WIDTHS = {"phone": 360, "school": 1280}
STORED = "JSON.stringify({...localStorage})"


@pytest.fixture
def pupil(platform: Platform) -> Account:
    with platform.database.writing() as session:
        return make_account(session, name="Nông Mẫu Bình", email="pupil@example.vn")


@pytest.fixture
def entry(platform: Platform, pupil: Account) -> Entry:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry)
        return make_entry(session, contest, owner=pupil, state="draft", submitted_at=None, title="")


@pytest.fixture
def device(browser: Browser, site: Site, pupil: Account) -> Iterator[Callable[..., Page]]:
    """Makes signed-in browsers: `device("phone")`."""
    contexts = []

    def make(screen: str, *, email: str = pupil.email, script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": WIDTHS[screen], "height": 800}, locale="en-GB", java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        enter(page, site, email)
        return page

    yield make
    for context in contexts:
        context.close()


def enter(page: Page, site: Site, email: str) -> None:
    page.goto(f"{site.address}/login?lang=en")
    page.get_by_label("E-mail address", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()


def step(site: Site, entry: Entry, name: str) -> str:
    return f"{site.address}/entries/{entry.id}/edit/{name}"


def recorded(page: Page) -> None:
    expect(page.locator("[data-save]")).to_have_attribute("data-stage", "recorded")


def stored(platform: Platform, entry: Entry) -> Entry:
    with platform.database.reading() as session:
        return session.scalars(select(Entry).where(Entry.id == entry.id)).one()


def test_half_typed_entry_outlives_cut_reload_and_restart_and_is_finished_elsewhere(
    device: Callable[..., Page], site: Site, platform: Platform, entry: Entry
) -> None:
    phone = device("phone")
    phone.goto(step(site, entry, "about"))
    phone.get_by_label("Title").fill("Bộ lọc nước")
    recorded(phone)

    phone.context.set_offline(True)
    phone.get_by_label("Title").fill("Bộ lọc nước suối")
    expect(phone.get_by_text("Offline.")).to_be_visible()
    expect(phone.locator("[data-save]")).to_have_attribute("data-stage", "device")
    assert "suối" not in phone.evaluate(STORED)
    assert stored(platform, entry).title == "Bộ lọc nước"
    site.stop()
    phone.on("dialog", lambda dialog: dialog.accept())
    phone.goto("about:blank")
    site.start()
    phone.context.set_offline(False)

    school = device("school")
    school.goto(step(site, entry, "about"))
    school.get_by_label("School", exact=True).fill("THCS Mẫu 12")
    recorded(school)
    phone.goto(step(site, entry, "about"))

    expect(phone.get_by_text("What this device had kept was put back")).to_be_visible()
    expect(phone.get_by_label("Title")).to_have_value("Bộ lọc nước suối")
    expect(phone.get_by_label("School", exact=True)).to_have_value("THCS Mẫu 12")
    assert phone.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:')).length") == 0
    school.reload()
    expect(school.get_by_label("Title")).to_have_value("Bộ lọc nước suối")


def test_network_that_comes_back_sends_what_was_kept(
    device: Callable[..., Page], site: Site, platform: Platform, entry: Entry
) -> None:
    phone = device("phone")
    phone.goto(step(site, entry, "text"))
    phone.context.set_offline(True)
    phone.get_by_label("The idea").fill("Lọc nước bằng vỏ trấu.")
    expect(phone.get_by_text("Offline.")).to_be_visible()

    phone.context.set_offline(False)

    recorded(phone)
    assert stored(platform, entry).answers["idea"] == "Lọc nước bằng vỏ trấu."


def test_same_field_on_two_devices_shows_both_texts_and_the_person_picks(
    device: Callable[..., Page], site: Site, platform: Platform, entry: Entry
) -> None:
    phone, school = device("phone"), device("school")
    for page in (phone, school):
        page.goto(step(site, entry, "text"))
    school.get_by_label("The idea").fill("Từ máy trường.")
    recorded(school)

    phone.get_by_label("The idea").fill("Từ điện thoại.")

    panel = phone.get_by_role("group").filter(has_text="Another device has changed this field too.")
    expect(panel).to_contain_text("Từ máy trường.")
    expect(panel).to_contain_text("Từ điện thoại.")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert stored(platform, entry).answers["idea"] == "Từ máy trường."
    phone.get_by_role("button", name="Keep mine").focus()
    phone.keyboard.press("Enter")
    expect(panel).to_have_count(0)
    expect(phone.locator("[data-save-trouble]")).to_be_hidden()
    assert stored(platform, entry).answers["idea"] == "Từ điện thoại."


def test_same_field_on_two_devices_is_settled_without_script(
    device: Callable[..., Page], site: Site, platform: Platform, entry: Entry
) -> None:
    phone, school = device("phone", script=False), device("school", script=False)
    for page in (phone, school):
        page.goto(step(site, entry, "about"))
    school.get_by_label("Title").fill("Từ máy trường")
    school.get_by_role("button", name="Save and go on").click()
    phone.get_by_label("Title").fill("Từ điện thoại")
    phone.get_by_role("button", name="Save and go on").click()

    panel = phone.get_by_role("group").filter(has_text="Two texts were typed here.")
    expect(phone.get_by_label("Title")).to_have_value("Từ máy trường")
    expect(panel).to_contain_text("Từ điện thoại")
    panel.get_by_role("button", name="Use the other text").click()

    expect(phone.get_by_label("Title")).to_have_value("Từ điện thoại")
    expect(panel).to_have_count(0)
    assert stored(platform, entry).title == "Từ điện thoại"


def test_draft_of_another_person_is_neither_shown_nor_readable(
    device: Callable[..., Page], site: Site, platform: Platform, entry: Entry
) -> None:
    phone = device("phone")
    phone.goto(step(site, entry, "about"))
    phone.route("**/autosave", lambda route: route.abort())
    phone.get_by_label("Title").fill("Chỉ của em")
    expect(phone.get_by_text("Offline.")).to_be_visible()
    phone.on("dialog", lambda dialog: dialog.accept())
    phone.goto("about:blank")
    phone.context.clear_cookies()
    phone.unroute("**/autosave")
    with platform.database.writing() as session:
        make_account(session, email="next@example.vn")

    enter(phone, site, "next@example.vn")

    assert "draft:" in phone.evaluate(STORED)
    assert "Chỉ của em" not in phone.evaluate(STORED)
    assert phone.goto(step(site, entry, "about")).status == 404  # type: ignore[union-attr]  # a page answers
    assert "Chỉ của em" not in phone.content()
    phone.context.clear_cookies()
    enter(phone, site, "pupil@example.vn")
    phone.goto(step(site, entry, "about"))
    expect(phone.get_by_label("Title")).to_have_value("Chỉ của em")


def test_signing_out_warns_of_what_was_not_recorded_and_clears_it(
    device: Callable[..., Page], site: Site, entry: Entry
) -> None:
    school = device("school")
    school.goto(step(site, entry, "about"))
    school.route("**/autosave", lambda route: route.abort())
    school.get_by_label("Title").fill("Chưa gửi")
    expect(school.get_by_text("Offline.")).to_be_visible()
    asked: list[str] = []
    answers = iter((False, True))

    def answer(dialog: object) -> None:
        asked.append(dialog.message)  # type: ignore[attr-defined]  # a dialog of playwright
        if "Sign out" not in dialog.message or next(answers):  # type: ignore[attr-defined]
            dialog.accept()  # type: ignore[attr-defined]
        else:
            dialog.dismiss()  # type: ignore[attr-defined]

    school.on("dialog", answer)
    school.get_by_role("button", name="Sign out", exact=True).click()
    expect(school.get_by_label("Title")).to_have_value("Chưa gửi")
    assert "draft:" in school.evaluate(STORED)

    school.get_by_role("button", name="Sign out", exact=True).click()
    school.wait_for_url(lambda url: "/edit/" not in url)

    assert "never recorded: 1" in asked[0]
    assert "draft:" not in school.evaluate(STORED)
