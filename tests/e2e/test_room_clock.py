"""One clock in a room: what one device does, the others show, also where a device's own clock is wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from judging.db.models import LiveRoom
from tests.e2e.stage import Person
from tests.e2e.steps_office import sign_in
from tests.factories import PASSWORD, give_role, make_account
from tests.services.sheets.cases import make_case
from tests.web.leaks.live_world import add_places

if TYPE_CHECKING:
    from judging.services.platform import Platform
    from tests.e2e.conftest import Meet

JUDGE = Person(name="Mẫu Giám Khảo", email="judge@example.vn", password=PASSWORD)
DESK = Person(name="Mẫu Thư Ký", email="desk@example.vn", password=PASSWORD)
_RUNS = re.compile(r"19:5\d")


def _room(platform: Platform) -> str:
    """A room in which one entry is heard by one judge, and its address."""
    with platform.database.writing() as session:
        case = make_case(session, platform.registry)
        case.account.email = case.account.email_key = JUDGE.email
        case.account.locale = "vi"
        desk = make_account(session, name=DESK.name, email=DESK.email)
        give_role(session, case.contest, desk, "secretary")
        room_id = add_places(session, case.contest, case.judged.key, [case.entry.id])
        assert session.get_one(LiveRoom, room_id).clock_version == 0
        return f"/judge/{case.contest.slug}/rooms/{room_id}"


def test_what_one_device_does_the_others_show(platform: Platform, meet: Meet) -> None:
    address = _room(platform)
    judge, desk = meet("vi", 360), meet("en", 1280)
    # A telephone that is an hour wrong: what counts is the server's time.
    judge.page.clock.install()
    judge.page.clock.fast_forward("01:00:00")
    judge.page.clock.resume()
    for visitor, person in ((judge, JUDGE), (desk, DESK)):
        sign_in(visitor, person)
        visitor.go(address)
        expect(visitor.page.locator("[data-clock-left]")).to_have_text("20:00")

    desk.page.get_by_role("button", name="Start").click()
    expect(judge.page.locator("[data-clock-part]")).to_have_text("Thuyết trình")
    for visitor in (desk, judge):
        expect(visitor.page.locator("[data-clock-left]")).to_have_text(_RUNS)

    judge.page.get_by_role("button", name="Tạm dừng").click()
    expect(desk.page.get_by_role("button", name="Go on")).to_be_visible()
    stands = desk.page.locator("[data-clock-left]").inner_text()
    expect(judge.page.locator("[data-clock-left]")).to_have_text(stands)
    judge.look_again()
    desk.look_again()
