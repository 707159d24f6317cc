"""Where the device and the server disagree: nothing is lost, nothing is chosen by a clock, and a person is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from judging.db.models import Assignment, Contest, ContestRound
from judging.domain.permissions import Actor, Role
from judging.domain.structure import to_plain
from judging.services.access.sign_in import end_sessions
from judging.services.contests.editions import pin_rules
from judging.services.sheets.life import reopen_sheet
from tests import factories
from tests.e2e.desk import COMMENT, recorded, rubric

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

    from judging.services.platform import Platform
    from tests.e2e.conftest import OpenDevice
    from tests.e2e.desk import Day

pytestmark = pytest.mark.browser

LAPTOP: ViewportSize = {"width": 1280, "height": 800}


def saved(page: Page) -> None:
    expect(page.locator("form[data-sheet] [data-save]")).to_have_attribute("data-stage", "recorded")


def kept(page: Page) -> None:
    expect(page.locator("form[data-sheet] [data-save]")).to_have_attribute("data-stage", "device")


def reopen(platform: Platform, day: Day, place: int) -> None:
    with platform.database.writing() as session:
        account = factories.make_account(session)
        actor = Actor(account_id=account.id, roles=frozenset({Role.ORGANISER}))
        assignment = session.get_one(Assignment, day.readings[place])
        reopen_sheet(session, assignment=assignment, actor=actor, reason="Two devices.", now=datetime.now(UTC))


def end_all(platform: Platform, day: Day) -> None:
    with platform.database.writing() as session:
        end_sessions(session, account_id=day.account.id, now=datetime.now(UTC))


def test_two_devices_merge_what_differs_and_ask_about_the_same_criterion(
    platform: Platform, open_device: OpenDevice, day: Day
) -> None:
    phone, laptop = open_device(), open_device(LAPTOP)
    phone.load_today()
    phone.open_sheet(0)
    phone.go_offline()
    phone.page.locator("#m-idea").fill("7")
    phone.page.locator("#comment").fill("From the phone.")
    kept(phone.page)
    laptop.open_sheet(0)
    laptop.page.locator("#m-idea").fill("4")
    laptop.page.locator("#m-use").fill("9")
    saved(laptop.page)

    phone.go_online()

    panel = phone.page.get_by_role("group").filter(has_text="Another device has changed this field too.")
    expect(panel).to_contain_text("4")
    expect(phone.page.locator("#m-use")).to_have_value("9")
    expect(phone.page.locator("#comment")).to_have_value("From the phone.")
    with platform.database.reading() as session:
        stored = session.get_one(Assignment, day.readings[0])
        assert (stored.marks, stored.comment) == ({"idea": "4", "use": "9"}, "From the phone.")
    # Until the judge has chosen, the text of the phone outlives the page.
    phone.open_sheet(0)
    expect(panel).to_contain_text("7")
    panel.get_by_role("button", name="Keep mine").click()
    expect(panel).to_have_count(0)
    saved(phone.page)
    with platform.database.reading() as session:
        assert session.get_one(Assignment, day.readings[0]).marks == {"idea": "7", "use": "9"}


def test_page_with_the_token_of_an_earlier_session_saves_all_the_same(
    platform: Platform, open_device: OpenDevice, day: Day
) -> None:
    phone = open_device()
    phone.open_sheet(0)
    phone.page.evaluate("document.querySelector('form[data-sheet] [name=csrf_token]').value = 'of another session'")

    phone.page.locator("#m-idea").fill("7")

    saved(phone.page)
    with platform.database.reading() as session:
        assert session.get_one(Assignment, day.readings[0]).marks == {"idea": "7"}


def test_sheet_submitted_on_the_laptop_is_shown_beside_the_phones_and_both_are_recorded_in_order(
    platform: Platform, open_device: OpenDevice, day: Day
) -> None:
    phone, laptop = open_device(), open_device(LAPTOP)
    phone.load_today()
    phone.go_offline()
    phone.open_sheet(0)
    phone.fill("7", "8")
    phone.hand_in()
    laptop.open_sheet(0)
    laptop.fill("4", "9")
    saved(laptop.page)
    laptop.page.locator("[data-next]").click()
    laptop.page.get_by_role("button", name="Submit the sheet").click()
    expect(laptop.page.get_by_text("Receipt code", exact=True)).to_be_visible()

    phone.page.goto(f"{phone.address}/judge/")
    phone.go_online()

    item = phone.page.locator("[data-kept][data-state=eye]")
    expect(item).to_contain_text("This sheet was changed on another device.")
    item.get_by_text("What is kept here").click()
    expect(item.locator("[data-kept-fields]")).to_contain_text("Here: 7")
    expect(item.locator("[data-kept-fields]")).to_contain_text("On the server: 4")
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    reopen(platform, day, 0)
    item.get_by_role("button", name="Hand mine in instead").click()
    expect(phone.page.locator("[data-kept][data-state=recorded]")).to_have_count(1)
    assert recorded(platform, day) == [
        (day.readings[0], 1, {"idea": "4", "use": "9"}),
        (day.readings[0], 2, {"idea": "7", "use": "8"}),
    ]


def test_lost_phone_is_locked_at_once_and_its_outbox_stays_unreadable_until_its_judge_is_back(
    platform: Platform, open_device: OpenDevice, day: Day
) -> None:
    phone = open_device()
    phone.load_today()
    phone.go_offline()
    phone.open_sheet(0)
    phone.fill("7", "8", "Secret words. Of the judge.")
    phone.hand_in()
    end_all(platform, day)

    began = datetime.now(UTC)
    phone.go_online()
    phone.page.wait_for_url("**/login?next=**")
    assert (datetime.now(UTC) - began).total_seconds() < 3
    assert recorded(platform, day) == []
    assert phone.page.evaluate(OUTBOX) == ["waiting"]
    assert phone.page.evaluate(KEYS) == [False]
    assert (
        phone.page.evaluate("caches.keys().then((names) => names.filter((name) => name.startsWith('judging-desk-')))")
        == []
    )
    phone.go_offline()
    phone.page.goto(f"{phone.address}/judge/sheets/{day.readings[0]}")
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("No network, and this page is not on this device")
    phone.go_online()

    phone.sign_in()
    expect(phone.page.locator("[data-kept][data-state=recorded]")).to_have_count(1)
    assert [marks for _, _, marks in recorded(platform, day)] == [{"idea": "7", "use": "8"}]


def test_what_is_typed_while_the_page_is_still_opening_is_kept(open_device: OpenDevice) -> None:
    """Nobody may have listened yet: the page looks once at what stands in the form when it is ready."""
    phone = open_device()
    phone.page.add_init_script(
        "document.addEventListener('DOMContentLoaded', () => { const field = document.querySelector('#m-idea'); "
        "if (field) { field.value = '7'; field.dispatchEvent(new Event('input', { bubbles: true })); } })"
    )
    phone.page.route("**/draft", lambda route: route.abort())

    phone.open_sheet(0)

    kept(phone.page)


def test_signing_out_asks_about_what_waits_and_leaves_nothing_behind(
    platform: Platform, open_device: OpenDevice, day: Day
) -> None:
    phone = open_device()
    phone.load_today()
    phone.open_sheet(0)
    phone.page.route("**/draft", lambda route: route.abort())
    phone.fill("7", "8", "Secret words. Of the judge.")
    kept(phone.page)
    asked: list[str] = []

    def answer(dialog: object) -> None:
        asked.append(dialog.message)  # type: ignore[attr-defined]  # a dialog of playwright
        dialog.accept()  # type: ignore[attr-defined]

    phone.page.on("dialog", answer)
    phone.page.goto(f"{phone.address}/judge/")
    assert phone.page.evaluate(KEYS) == [True]
    phone.page.locator("details[data-menu] summary").click()
    phone.page.get_by_role("button", name="Sign out").last.click()
    phone.page.wait_for_url(f"{phone.address}/")

    assert any("never recorded: 1" in text for text in asked)
    assert phone.page.evaluate(KEYS) == []
    assert phone.page.evaluate(SHEETS) == 0
    assert (
        phone.page.evaluate("caches.keys().then((names) => names.filter((name) => name.startsWith('judging-desk-')))")
        == []
    )
    assert recorded(platform, day) == []


def test_rubric_changed_and_round_closed_meanwhile_need_an_eye_and_keep_the_text(
    platform: Platform, open_device: OpenDevice, day: Day
) -> None:
    phone = open_device()
    phone.load_today()
    phone.go_offline()
    for place in range(2):
        phone.open_sheet(place)
        phone.fill("7", "8")
        phone.hand_in()
    change_rubric(platform, day)
    phone.page.goto(f"{phone.address}/judge/")

    phone.go_online()

    eye = phone.page.locator("[data-kept][data-state=eye]")
    expect(eye).to_have_count(2)
    expect(eye.first).to_contain_text("The rubric changed since this sheet was filled in.")
    eye.first.get_by_text("What is kept here").click()
    expect(eye.first.locator("[data-kept-fields]")).to_contain_text(COMMENT)
    assert recorded(platform, day) == []


def test_sheet_that_the_server_refuses_goes_back_into_the_form(
    platform: Platform, open_device: OpenDevice, day: Day
) -> None:
    phone = open_device()
    phone.load_today()
    phone.go_offline()
    phone.open_sheet(0)
    phone.fill("7", "8", "One")
    phone.page.locator("[data-next]").click()
    expect(phone.page.locator("#comment-error")).to_have_text("Write at least 2 sentences.")
    phone.fill("7", "8")
    phone.hand_in()
    close_round(platform, day)
    phone.go_online()

    item = phone.page.locator("[data-kept]")
    expect(item).to_contain_text("The round is closed. Ask the office.")
    close_round(platform, day, state="open", ended=True)
    item.get_by_role("button", name="Send it again").click()
    expect(item).to_contain_text("before this sheet reached us. It stays on this device")
    expect(item).to_contain_text("Needs your eye")
    assert recorded(platform, day) == []
    close_round(platform, day, state="open")
    item.get_by_role("button", name="Send it again").click()
    expect(phone.page.locator("[data-kept][data-state=recorded]")).to_have_count(1)
    assert len(recorded(platform, day)) == 1


OUTBOX = """() => new Promise((done) => {
  const open = indexedDB.open("judging-desk");
  open.onsuccess = () => {
    const rows = open.result.transaction("outbox").objectStore("outbox").getAll();
    rows.onsuccess = () => { open.result.close(); done(rows.result.map((row) => row.state)); };
  };
})"""
KEYS = OUTBOX.replace('"outbox"', '"keys"').replace("row.state", "row.key instanceof CryptoKey && !row.key.extractable")
SHEETS = OUTBOX.replace('"outbox"', '"sheets"').replace("rows.result.map((row) => row.state)", "rows.result.length")


def change_rubric(platform: Platform, day: Day) -> None:
    with platform.database.writing() as session:
        contest = session.get_one(Contest, day.contest_id)
        contest.settings = {**contest.settings, "rubric-preliminary": to_plain(rubric(Decimal(20)))}
        pin_rules(platform.registry, contest)


def close_round(platform: Platform, day: Day, *, state: str = "closed", ended: bool = False) -> None:
    with platform.database.writing() as session:
        asked = select(ContestRound).where(ContestRound.contest_id == day.contest_id)
        row = session.scalars(asked.where(ContestRound.key == "preliminary")).one()
        row.state, row.ends_at = state, datetime.now(UTC) - timedelta(minutes=1) if ended else None
