"""A secretary screens 128 dossiers with the keyboard alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import Entry, Screening
from tests.factories import PASSWORD, give_role, make_account, make_contest, make_entry

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from judging.plugins import Registry
    from judging.services.platform import Platform

DOSSIERS = 128
MOST_TABS = 20
# Each sixteenth is returned and each tenth of the rest rejected, so that fields are typed in too.
RETURNED, REJECTED = 16, 10


def test_secretary_screens_with_keys_only(
    browser: Browser, address: str, platform: Platform, registry: Registry
) -> None:
    with platform.database.writing() as session:
        contest = make_contest(session, registry, phase="screening")
        secretary = make_account(session, email="secretary@example.vn", locale="vi")
        give_role(session, contest, secretary, "secretary")
        author = make_account(session)
        for _each in range(DOSSIERS):
            make_entry(session, contest, owner=author, state="submitted")
        slug = contest.slug
    page = browser.new_page()
    page.goto(f"{address}/login")
    page.locator("#email").focus()
    page.keyboard.type("secretary@example.vn")
    page.locator("#password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(f"{address}/organise/{slug}/screening")
    with page.expect_navigation():
        page.keyboard.press("e")
    expected: Counter[str] = Counter()
    for number in range(1, DOSSIERS + 1):
        if number % RETURNED == 0:
            verdict, key = "returned", "r"
        elif number % REJECTED == 0:
            verdict, key = "rejected", "x"
        else:
            verdict, key = "eligible", "e"
        expected[verdict] += 1
        with page.expect_navigation():
            page.keyboard.press(key)
            if key != "e":
                page.keyboard.type("Thiếu dấu của trường.")
                for _step in range(MOST_TABS):
                    if page.evaluate("document.activeElement.value") == verdict:
                        break
                    page.keyboard.press("Tab")
                page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/organise/{slug}/screening")
    page.close()

    with platform.database.reading() as session:
        assert Counter(session.scalars(select(Screening.verdict))) == expected
        assert "submitted" not in set(session.scalars(select(Entry.state)))
