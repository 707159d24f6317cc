"""A 25 MB file sent from a page: network cut and restored, page reloaded, server killed, and every byte arrives."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD
from tests.uploads.site import Killable, files_of, large_pdf, make_drafts, received, wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from judging.db.session import Database
    from judging.services.platform import Platform

SIZE = 25_000_000
BYTES_A_SECOND = 2_500_000
MOST_MEMORY = 50_000_000
WAITING = "Waiting for the network."

pytestmark = pytest.mark.browser


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """What differs between the databases is tested with programs."""
    return sqlite_database


def sign_in(page: Page, server: Killable, email: str) -> None:
    page.goto(f"{server.address}/login?lang=en")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/login" not in url)


def slow_down(context: BrowserContext, page: Page) -> None:
    """Give the page the line of a phone, so that there is a middle of the upload."""
    context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": BYTES_A_SECOND},
    )


def test_upload_survives_the_network_a_reload_and_the_death_of_the_server(
    platform: Platform, server: Killable, browser: Browser, tmp_path: Path
) -> None:
    (draft,) = make_drafts(platform)
    content = large_pdf(SIZE)
    paper = tmp_path / "toàn văn.pdf"
    paper.write_bytes(content)
    server.start()
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en")
    page = context.new_page()
    sign_in(page, server, draft.email)
    address = f"{server.address}/entries/{draft.entry}/edit/files"
    page.goto(address)
    before = server.memory()
    slow_down(context, page)
    page.locator("#file-full_text").set_input_files(paper)
    page.get_by_role("button", name="Send: Full text of the work").click()
    row = page.locator("[data-uploading] li")
    expect(row).to_contain_text("MB sent")
    wait_for(lambda: received(platform) > SIZE // 10)

    context.set_offline(True)
    expect(row).to_contain_text(WAITING)
    cut = received(platform)
    context.set_offline(False)
    wait_for(lambda: received(platform) > cut)

    page.reload()
    slow_down(context, page)
    reloaded = received(platform)
    assert reloaded < SIZE
    wait_for(lambda: received(platform) > reloaded)
    grown = server.memory() - before

    server.kill()
    expect(row).to_contain_text(WAITING)
    server.start()
    expect(page.locator("[data-kept] li")).to_contain_text("Checked and recorded", timeout=60_000)
    expect(row).to_have_count(0)

    (file,) = files_of(platform)
    assert file.filename == "toàn văn.pdf"
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert b"".join(platform.files.stream(file.key)) == content
    assert list(platform.files.keys()) == [file.key]
    assert grown < MOST_MEMORY
    context.close()


def test_upload_is_paused_resumed_and_cancelled_by_keyboard(
    platform: Platform, server: Killable, browser: Browser, tmp_path: Path
) -> None:
    (draft,) = make_drafts(platform)
    paper = tmp_path / "a.pdf"
    paper.write_bytes(large_pdf(SIZE // 2))
    server.start()
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en")
    page = context.new_page()
    sign_in(page, server, draft.email)
    page.goto(f"{server.address}/entries/{draft.entry}/edit/files")
    slow_down(context, page)
    page.locator("#file-full_text").set_input_files(paper)
    page.get_by_role("button", name="Send: Full text of the work").click()
    wait_for(lambda: received(platform) > 0)

    page.get_by_role("button", name="Pause the upload: a.pdf").press("Enter")
    row = page.locator("[data-uploading] li")
    expect(row).to_contain_text("Paused.")
    expect(page.get_by_role("button", name="Resume the upload: a.pdf")).to_be_focused()
    paused = received(platform)
    page.keyboard.press("Enter")
    wait_for(lambda: received(platform) > paused)
    page.get_by_role("button", name="Cancel the upload: a.pdf").press("Enter")

    expect(row).to_have_count(0)
    wait_for(lambda: list(platform.files.keys()) == [])
    assert files_of(platform) == []
    context.close()


def test_refused_file_says_why_beside_its_name(
    platform: Platform, server: Killable, browser: Browser, tmp_path: Path
) -> None:
    (draft,) = make_drafts(platform)
    paper = tmp_path / "a.pdf"
    paper.write_bytes(b"no paper at all")
    server.start()
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en")
    page = context.new_page()
    sign_in(page, server, draft.email)
    page.goto(f"{server.address}/entries/{draft.entry}/edit/files")
    page.locator("#file-full_text").set_input_files(paper)
    page.get_by_role("button", name="Send: Full text of the work").click()

    expect(page.locator("[data-uploading] li .refused")).to_contain_text("a.pdf is not a file of the kind")
    assert list(platform.files.keys()) == []
    context.close()
