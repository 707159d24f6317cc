"""A secretary screens the demonstration's own 128 dossiers of young inventors with the keyboard alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import Contest, Entry, Screening
from judging.demo import Stage
from tests.demo.made import copy_demo, made_once, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from judging.demo import DemoYear
    from judging.services.platform import Platform

SLUG = "youth-creativity-2021"
DOSSIERS = 128
MOST_TABS = 20
# Each sixteenth is returned and each tenth of the rest rejected, so that fields are typed in too.
RETURNED, REJECTED = 16, 10


@pytest.fixture
def year(tmp_path: Path) -> DemoYear:
    # The same as is looked at elsewhere, so that it is made once.
    copy_demo(tmp_path / "demo", seed=3, stage=Stage.SCREENING)
    return made_once(seed=3, stage=Stage.SCREENING)[1]


@pytest.fixture
def platform(year: DemoYear, tmp_path: Path) -> Iterator[Platform]:
    assert SLUG in {contest.slug for contest in year.contests}
    with opened(tmp_path / "demo") as platform:
        yield platform


def test_secretary_screens_the_demonstration_with_keys_only(
    browser: Browser, address: str, platform: Platform, year: DemoYear
) -> None:
    secretary = next(account for account in year.accounts if account.role == "secretary")
    page = browser.new_page()
    page.goto(f"{address}/login")
    page.locator("#email").focus()
    page.keyboard.type(secretary.email)
    page.locator("#password").focus()
    page.keyboard.type(secretary.password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(f"{address}/organise/{SLUG}/screening")
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
        # The keys' own script has run by then; pictures need not be there.
        with page.expect_navigation(wait_until="domcontentloaded"):
            page.keyboard.press(key)
            if key != "e":
                page.keyboard.type("Thiếu dấu của trường.")
                for _step in range(MOST_TABS):
                    if page.evaluate("document.activeElement.value") == verdict:
                        break
                    page.keyboard.press("Tab")
                page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/organise/{SLUG}/screening")
    page.close()

    with platform.database.reading() as session:
        of_youth = select(Entry.id).join(Contest).where(Contest.slug == SLUG).scalar_subquery()
        verdicts = select(Screening.verdict).where(Screening.entry_id.in_(of_youth))
        assert Counter(session.scalars(verdicts)) == expected
        assert "submitted" not in set(session.scalars(select(Entry.state).where(Entry.id.in_(of_youth))))
