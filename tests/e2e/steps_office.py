"""What the office does: open a contest, name its people, move it on, screen and assign."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from judging.domain.permissions import ROLE_LABELS, Role
from tests.e2e.stage import Person, Play, local_text
from tests.letters import link_in

if TYPE_CHECKING:
    from tests.e2e.visitor import Visitor


def sign_in(visitor: Visitor, person: Person) -> None:
    """Sign in, or begin with the link of an invitation; the person arrives where their work is."""
    words = visitor.words
    if person.link:
        visitor.go(person.link)
        visitor.reads(words("Welcome, %(name)s", name=person.name))
        visitor.fill(words("New password"), person.password)
        visitor.press(words("Set the password"))
        return
    visitor.go("/login")
    visitor.fill(words("E-mail address"), person.email)
    visitor.fill(words("Password"), person.password)
    visitor.press(words("Sign in"))


def open_contest(office: Visitor, play: Play) -> str:
    """Open a contest of the kind, with dates that let entries in now. Returns the address of its public page."""
    words = office.words
    office.follow(words("Open a new contest"))
    office.follow(words(play.rules.name))
    slug = office.page.get_by_label(words("Address of its page"), exact=True).input_value()
    office.choose(words("Organisation"), play.organisation)
    office.fill(words("Opens for entries"), local_text(days=-1))
    office.fill(words("Deadline for entries"), local_text(days=30))
    office.press(words("Open the contest"))
    office.reads(words("Settings"))
    return f"/contests/{slug}/"


def take_step(office: Visitor, phase: str) -> None:
    """Let the contest go on to the phase with this name."""
    words = office.words
    office.open_side(words("Settings"))
    office.choose(words("Go on to"), words(phase))
    office.press(words("Take the step"))
    expect(office.page.get_by_role("heading", name=words("The step cannot be taken yet."))).to_have_count(0)
    expect(office.page.locator(".page-header .lead")).to_contain_text(words(phase))


def arrange_one_panel(office: Visitor, play: Play) -> str:
    """Let one panel score every category, and take the last of the proposed panels away. Returns the panel's name."""
    words = office.words
    panel = words("Panel %(number)s", number=1)
    office.open_side(words("People"))
    office.follow(words("Arrange the panels"))
    office.press(f"{words('Remove')} {len(play.rules.categories)}")
    for category in play.rules.categories:
        office.choose(words(category.label), panel)
    office.press(words("Record the panels"))
    office.reads(words("People"))
    return panel


def name_judges(office: Visitor, play: Play, panel: str) -> list[Person]:
    """Name the judges of the play; the first one is the chair. Returns them with their invitations."""
    words = office.words
    named = []
    for number, judge in enumerate(play.judges):
        office.follow(words("Name a judge"))
        office.fill(words("E-mail address"), judge.email)
        office.fill(words("Full name"), judge.name)
        office.fill(words("Workplace"), f"Viện Mẫu {number + 1}")
        office.tick(panel, within=office.group(words("Sits in")))
        if number == 0:
            office.tick(panel, within=office.group(words("Chairs")))
        office.press(words("Name the judge"))
        named.append(_with_link(office, judge))
    expect(office.page.get_by_role("row").filter(has_text=named[0].name)).to_contain_text(panel)
    return named


def name_secretary(office: Visitor, play: Play) -> Person:
    """Give somebody the role of the secretary in this contest. Returns the person with the invitation."""
    words = office.words
    office.fill(words("E-mail address"), play.secretary.email)
    office.fill(words("Full name"), play.secretary.name)
    office.choose(words("Role"), words(ROLE_LABELS[Role.SECRETARY]))
    office.press(words("Give the role"))
    return _with_link(office, play.secretary)


def screen_eligible(secretary: Visitor, play: Play) -> None:
    """Find the only entry eligible, after a look at it."""
    words = secretary.words
    secretary.open_side(words("Screening"))
    secretary.follow(words("Open the dossier"))
    secretary.reads(play.title)
    secretary.press(words("Eligible"))
    secretary.open_side(words("Screening"))
    expect(secretary.page.get_by_text(words("No dossier waits for screening."))).to_be_visible()


def assign_judges(office: Visitor, round_label: str) -> None:
    """On the page of the round's assignment: look at the plan and make it."""
    words = office.words
    office.reads(words("Assignment: %(round)s", round=words(round_label)))
    office.press(words("Assign as planned"))
    nothing = words("Nothing more can be planned: every place that can be filled is filled.")
    expect(office.page.get_by_text(nothing)).to_be_visible()


def _with_link(office: Visitor, person: Person) -> Person:
    words = office.words
    office.reads(words("Invitation sent"))
    shown = office.page.get_by_role("code").inner_text()
    # The letter holds the same link, and the person reads it there.
    assert link_in(office.read_letter(person.email)) == link_in(shown)
    office.follow(words("Back to the people"))
    return replace(person, password=f"{person.email} is my own", link=link_in(shown))
