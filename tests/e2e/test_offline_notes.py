"""A judge's own notes without a network: there, written on, sent later, and never written over by another device."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from judging.db.models import SheetNote
from tests.e2e.desk import Phone
from tests.e2e.test_offline_day import faults

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page

    from judging.services.platform import Platform
    from tests.e2e.conftest import OpenDevice
    from tests.e2e.desk import Day

pytestmark = pytest.mark.browser

# What a thief of the device could read: every row of the database that is no key, and every page that is kept.
READABLE = """async () => {
  const seen = [];
  const open = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  const db = await open(indexedDB.open("judging-desk"));
  for (const store of db.objectStoreNames) {
    for (const row of await open(db.transaction(store).objectStore(store).getAll())) {
      for (const part of [row, row.sealed || {}]) {
        for (const value of Object.values(part)) {
          seen.push(value instanceof ArrayBuffer ? new TextDecoder().decode(value) : JSON.stringify(value) || "");
        }
      }
    }
  }
  db.close();
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) seen.push(await (await cache.match(request)).text());
  }
  seen.push(JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }));
  return seen.join("\\n");
}"""
NOTES = """() => new Promise((done) => {
  const open = indexedDB.open("judging-desk");
  open.onsuccess = () => {
    const rows = open.result.transaction("notes").objectStore("notes").getAll();
    rows.onsuccess = () => { open.result.close(); done(rows.result.map((row) => row.state)); };
  };
})"""

AT_REST = "(await navigator.locks.query()).held.every((lock) => lock.name !== 'judging-desk-prefetch')"
"""Nothing is being fetched for work without a network."""


def until(page: Page, condition: str) -> None:
    """Wait ten seconds at most, in the page, for an expression that must itself be awaited."""
    met = page.evaluate(f"""async () => {{
      for (let turn = 0; turn < 200; turn += 1) {{
        if ({condition}) return true;
        await new Promise((done) => setTimeout(done, 50));
      }}
      return false;
    }}""")
    assert met, condition


def write(page: Page, text: str, *, says: str) -> None:
    fold = page.locator("#note")
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    page.locator("#note-text").fill(text)
    expect(fold.locator("[data-save-time]")).to_contain_text(says)


def send(page: Page, text: str, *, says: str) -> None:
    """Write with a network, and wait for the server's answer: what was said before may still stand there."""
    with page.expect_response("**/note"):
        write(page, text, says="")
    expect(page.locator("#note [data-save-time]")).to_contain_text(says)


def kept(platform: Platform, day: Day) -> list[str | None]:
    with platform.database.reading() as session:
        found = {row.assignment_id: row.text for row in session.scalars(select(SheetNote))}
    return [found.get(reading) for reading in day.readings]


def sign_out(phone: Phone) -> list[str]:
    """Sign out, agreeing to whatever is asked; what was asked."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    phone.page.on("dialog", answer)
    phone.page.goto(f"{phone.address}/judge/")
    phone.page.locator("details[data-menu] summary").click()
    phone.page.get_by_role("button", name="Sign out").last.click()
    phone.page.wait_for_url(f"{phone.address}/")
    return asked


def test_notes_are_a_part_of_the_day_without_a_network(platform: Platform, open_device: OpenDevice, day: Day) -> None:
    phone, laptop = open_device(), open_device()
    laptop.open_sheet(0)
    send(laptop.page, "Ask about the battery.", says="Kept at")
    phone.load_today()
    # The device was ready before the note was written: that this has come too is not said in its words.
    until(phone.page, f"(await ({NOTES})()).length > 0")
    until(phone.page, AT_REST)
    phone.go_offline()

    phone.open_sheet(0)
    expect(phone.page.locator("#note-text")).to_have_value("Ask about the battery.")
    write(phone.page, "Ask about the battery. And the price.", says="On this device, not sent yet.")
    phone.open_sheet(1)
    write(phone.page, "Only on the phone.", says="On this device, not sent yet.")
    phone.close_tab()
    phone.open_sheet(1)
    expect(phone.page.locator("#note-text")).to_have_value("Only on the phone.")
    assert all(words not in phone.page.evaluate(READABLE) for words in ("battery", "Only on the phone"))
    phone.page.goto(f"{phone.address}/judge/")
    expect(phone.page.locator("[data-device-notes]")).to_have_text("2 of your notes wait here to be sent.")
    send(laptop.page, "Ask about the wire.", says="Kept at")

    phone.go_online()
    item = phone.page.locator("[data-kept-note]")
    expect(item).to_contain_text("Ask about the battery. And the price.")
    expect(item).to_contain_text("Ask about the wire.")
    until(phone.page, f"!(await ({NOTES})()).includes('waiting')")
    assert kept(platform, day) == ["Ask about the wire.", "Only on the phone."]
    assert faults(phone.page) == []
    item.get_by_role("button", name="Keep both, one below the other").click()
    expect(item).to_have_count(0)
    both = "Ask about the wire.\n\nAsk about the battery. And the price."
    phone.open_sheet(0)
    expect(phone.page.locator("#note-text")).to_have_value(both)
    assert kept(platform, day) == [both, "Only on the phone."]

    # The laptop's page is older by now: it is asked on the sheet.
    send(laptop.page, "Ask about the wire again.", says="Not kept: another device")
    assert kept(platform, day) == [both, "Only on the phone."]
    assert faults(laptop.page) == []
    laptop.page.get_by_role("button", name="Use the other text").click()
    expect(laptop.page.locator("#note-text")).to_have_value(both)
    expect(laptop.page.locator("#note [data-save-time]")).to_contain_text("Kept at")

    phone.page.route("**/note", lambda route: route.abort())
    write(phone.page, "Never sent.", says="On this device, not sent yet.")
    assert any("never recorded: 1" in text for text in sign_out(phone))
    assert phone.page.evaluate(NOTES) == []
    assert kept(platform, day)[0] == both
