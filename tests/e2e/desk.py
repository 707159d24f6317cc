"""A judge's day for browser tests: a contest with as many entries as are wanted, and pages that work as a phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect
from sqlalchemy import select

from judging.db.models import Assignment, SheetVersion
from judging.domain.rubric import Criterion, Rubric, Scale
from judging.domain.structure import to_plain
from judging.services.score_log.opening import ensure_log
from tests import factories
from tests.factories import PASSWORD

if TYPE_CHECKING:
    from decimal import Decimal

    from playwright.sync_api import BrowserContext, Page, ViewportSize

    from judging.db.models import Account
    from judging.services.platform import Platform

PHONE: ViewportSize = {"width": 360, "height": 780}
COMMENT = "A clear idea. It works well."
_STATES = "[data-kept] [data-kept-state]"


def rubric(high: Decimal) -> Rubric:
    """Two marks and a comment: what takes a hand little time to fill in."""
    return Rubric(
        criteria=(
            Criterion(key="idea", label="Idea", scale=Scale(high=high)),
            Criterion(key="use", label="Use", scale=Scale(high=high)),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What lies before one judge."""

    contest_id: str
    slug: str
    account: Account
    readings: tuple[str, ...]


def make_day(platform: Platform, *, entries: int, high: Decimal) -> Day:
    """A contest in judging with `entries` readings for one judge."""
    with platform.database.writing() as session:
        settings = {"rubric-preliminary": to_plain(rubric(high)), "round-preliminary": {"sentences": 2}}
        contest = factories.make_contest(session, platform.registry, phase="judging", settings=settings)
        judge = factories.make_judge(session, contest)
        readings = []
        for place in range(1, entries + 1):
            entry = factories.make_entry(session, contest, title=f"Sáng kiến mẫu {place}")
            made = factories.make_assignment(session, entry, judge, round_key="preliminary", position=place)
            readings.append(made.id)
        ensure_log(session, contest, now=factories.NOW)
        day = Day(contest_id=contest.id, slug=contest.slug, account=judge.account, readings=tuple(readings))
        session.expunge_all()
    return day


class Phone:
    """A judge's device."""

    def __init__(self, context: BrowserContext, address: str, day: Day) -> None:
        self.context, self.address, self.day = context, address, day
        self.page = context.new_page()

    def sign_in(self) -> None:
        page = self.page
        page.goto(f"{self.address}/login?lang=en")
        page.get_by_label("E-mail address", exact=True).fill(self.day.account.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/judge/")

    def load_today(self) -> None:
        """Open the desk and wait until it says that everything is ready for work without a network."""
        self.page.goto(f"{self.address}/judge/")
        count = len(self.day.readings)
        words = f"{count} of {count} entries are ready" if count > 1 else "1 of 1 entry is ready"
        expect(self.page.locator("[data-device-ready]")).to_contain_text(words, timeout=60_000)
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def go_offline(self) -> None:
        self.context.set_offline(True)

    def go_online(self) -> None:
        self.context.set_offline(False)

    def open_sheet(self, place: int) -> Page:
        self.page.goto(f"{self.address}/judge/sheets/{self.day.readings[place]}")
        return self.page

    def fill(self, idea: str, use: str, comment: str = COMMENT) -> None:
        self.page.locator("#m-idea").fill(idea)
        self.page.locator("#m-use").fill(use)
        self.page.locator("#comment").fill(comment)

    def hand_in(self) -> None:
        self.page.locator("[data-next]").click()
        self.page.get_by_role("button", name="Hand in on this device").click()
        expect(self.page.locator(_STATES)).to_have_text("On this device")

    def states(self) -> list[str]:
        return self.page.locator(_STATES).all_text_contents()

    def close_tab(self) -> None:
        """The tab is gone; the device stays."""
        self.page.close()
        self.page = self.context.new_page()


def recorded(platform: Platform, day: Day) -> list[tuple[str, int, dict[str, Any]]]:
    """What is recorded of the day's readings: (reading, version, marks), in the order in which it came in."""
    with platform.database.reading() as session:
        rows = session.execute(
            select(SheetVersion.assignment_id, SheetVersion.number, SheetVersion.marks)
            .join(Assignment, Assignment.id == SheetVersion.assignment_id)
            .where(Assignment.contest_id == day.contest_id)
            .order_by(SheetVersion.submitted_at, SheetVersion.number)
        )
        return [(reading, number, dict(marks)) for reading, number, marks in rows]
