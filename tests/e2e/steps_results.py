"""How prizes are settled and results published, and what a guest sees before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.stage import DECISION

if TYPE_CHECKING:
    from tests.e2e.stage import Play
    from tests.e2e.visitor import Visitor


def settle_prizes(office: Visitor, play: Play) -> None:
    """Give the prizes as the rules plan them."""
    words = office.words
    office.open_side(words("Prizes"))
    office.press(words("Settle the prizes as planned"))
    expect(office.page.get_by_text(words("The prizes are settled as the rules give them."))).to_be_visible()
    expect(office.page.get_by_role("row").filter(has_text=play.title)).to_contain_text(words("Given"))


def publish_results(office: Visitor) -> None:
    """Publish everything by a decision."""
    words = office.words
    office.open_side(words("Publication"))
    office.reads(words("The results can be published"))
    office.fill(words("Number of the decision"), DECISION)
    office.press(words("Publish the results"))
    office.reads(words("The results are public"))


def see_no_results(guest: Visitor, play: Play, contest: str) -> None:
    """A guest learns nothing of the outcome, and not even which entries there are."""
    words = guest.words
    for path in (contest, f"{contest}results"):
        guest.go(path)
        expect(guest.page.locator("body")).not_to_contain_text(play.title)
        expect(guest.page.locator("body")).not_to_contain_text(play.entrant.name)
    guest.reads(words("Results are not published yet"))
    assert guest.answer_of(f"{contest}results.csv") == 404
    assert guest.answer_of(f"{contest}ranking.json") == 404


def see_results(guest: Visitor, play: Play, contest: str) -> None:
    """A guest finds the winner by name, as there is consent, with the prize and the decision."""
    words = guest.words
    guest.go(contest)
    guest.follow(words("See the results"))
    prize = guest.page.locator("section").filter(
        has=guest.page.get_by_role("heading", name=words(play.rules.awards[0].label))
    )
    expect(prize).to_contain_text(play.title)
    expect(prize).to_contain_text(play.entrant.name)
    expect(guest.page.locator("main")).to_contain_text(DECISION)
    assert guest.answer_of(f"{contest}ranking.json") == 200
