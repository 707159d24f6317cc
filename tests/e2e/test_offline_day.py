"""A judge's day without a network: scored on the phone, sent when there is one again, and recorded once each."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.desk import make_day, recorded

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from judging.services.platform import Platform
    from tests.e2e.conftest import OpenDevice
    from tests.e2e.desk import Day

pytestmark = pytest.mark.browser

ENTRIES = 20
_LISTEN = """() => {
  window.said = [];
  const listen = new MutationObserver(() => said.push(document.querySelector("[data-device-said]").textContent));
  const places = document.querySelectorAll("[role=status], [aria-live]");
  for (const place of places) listen.observe(place, { childList: true });
}"""


def faults(page: Page) -> list[str]:
    """What axe finds on the page, and whether it is wider than the phone."""
    found = [one["id"] for one in Axe().run(page).response["violations"]]
    return found if page.evaluate("document.documentElement.scrollWidth <= innerWidth") else [*found, "too wide"]


@pytest.fixture
def day(platform: Platform) -> Day:
    return make_day(platform, entries=ENTRIES, high=Decimal(10))


@pytest.fixture
def open_phone(open_device: OpenDevice) -> OpenDevice:
    return partial(open_device, has_touch=True, patience=15)


def test_twenty_entries_scored_without_a_network_are_recorded_once_each_in_order(
    platform: Platform, open_phone: OpenDevice, day: Day
) -> None:
    phone = open_phone()
    phone.load_today()
    phone.go_offline()

    for place in range(ENTRIES):
        phone.open_sheet(place)
        phone.fill(str(place % 10), "8")
        phone.hand_in()
        if place == 0:
            assert faults(phone.page) == []
        if place == ENTRIES // 2:
            phone.close_tab()
    assert recorded(platform, day) == []
    phone.close_tab()
    phone.page.goto(f"{phone.address}/judge/")
    expect(phone.page.locator("[data-device-waiting]")).to_contain_text("20 sheets wait here to be sent")
    assert faults(phone.page) == []

    phone.page.evaluate(_LISTEN)
    phone.go_online()

    expect(phone.page.locator("[data-kept][data-state=recorded]")).to_have_count(ENTRIES, timeout=60_000)
    # A screen reader is told once that all are recorded, not of twenty sheets one by one.
    expect(phone.page.locator("[data-device-said]")).to_have_text("Everything that waited here is recorded.")
    assert phone.page.evaluate("said") == ["Everything that waited here is recorded."]
    stored = recorded(platform, day)
    assert [(reading, number) for reading, number, _ in stored] == [(reading, 1) for reading in day.readings]
    assert [marks["idea"] for _, _, marks in stored] == [str(place % 10) for place in range(ENTRIES)]
    expect(phone.page.locator("[data-kept-why]").first).to_contain_text("Receipt")
