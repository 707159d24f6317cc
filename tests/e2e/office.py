"""What the organiser and the secretary do, in the order of a contest."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.factories import PASSWORD

if TYPE_CHECKING:
    from judging.domain.rules import ContestRules
    from tests.e2e.visitor import Visitor

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DATES = (
    ("Opens for entries", timedelta(hours=-1)),
    ("Deadline for entries", timedelta(days=30)),
    ("Judging begins", timedelta(days=40)),
    ("Judging ends", timedelta(days=60)),
    ("Results are published", timedelta(days=80)),
)


def open_contest(organiser: Visitor, rules: ContestRules) -> str:
    """Open a contest of the kind, set its dates, announce it and open it for entries; returns its address."""
    say = organiser.say
    organiser.sign_in("organiser@example.vn", PASSWORD)
    organiser.follow(say("Open a new contest"))
    organiser.follow(say.label(rules.name))
    for name, after in DATES:
        organiser.fill(say(name), f"{datetime.now(ZONE) + after:%Y-%m-%dT%H:%M}")
    slug = organiser.page.get_by_label(say("Address of its page")).input_value()
    organiser.press(say("Open the contest"))
    organiser.expect_heading(say("Settings"))
    step(organiser, slug, "Rules published")
    step(organiser, slug, "Open for entries")
    return slug


def step(person: Visitor, slug: str, phase: str) -> None:
    """Take the contest on to that phase, passing what lies between."""
    say = person.say
    person.go(f"/organise/{slug}/settings")
    person.choose(say("Go on to"), re.compile("^" + re.escape(say(phase))))
    person.press(say("Take the step"))
    person.expect_text(say("The contest is now in the phase “%(phase)s”.", phase=say(phase)))


def name_judges(organiser: Visitor, slug: str, count: int) -> list[tuple[str, str]]:
    """Put all categories into the first panel and name its judges; returns their addresses and first passwords."""
    say = organiser.say
    panel = say("Panel %(number)s", number=1)
    organiser.go(f"/organise/{slug}/people")
    organiser.follow(say("Arrange the panels"))
    for field in organiser.section(say("Categories")).get_by_role("combobox").all():
        field.select_option(label=panel)
    organiser.press(say("Record the panels"))
    people = []
    for number in range(1, count + 1):
        email = f"judge-{number}@example.vn"
        organiser.go(f"/organise/{slug}/people")
        organiser.follow(say("Name a judge"))
        organiser.fill(say("E-mail address"), email)
        organiser.fill(say("Full name"), f"Mẫu Giám Khảo {number}")
        organiser.page.get_by_role("group", name=say("Sits in")).get_by_role("checkbox", name=panel).check()
        organiser.press(say("Name the judge"))
        people.append((email, organiser.page.get_by_role("code").inner_text()))
    return people


def screen(secretary: Visitor, slug: str, title: str) -> None:
    """The secretary opens the next dossier and finds it eligible."""
    say = secretary.say
    secretary.sign_in("secretary@example.vn", PASSWORD)
    secretary.go(f"/organise/{slug}/screening")
    secretary.follow(say("Open the dossier"))
    secretary.expect_heading(title)
    secretary.press(say("Eligible"))


def assign(organiser: Visitor, slug: str, round_key: str) -> None:
    """Look at the plan of a round and make it."""
    organiser.go(f"/organise/{slug}/rounds/{round_key}/assignment")
    organiser.press(organiser.say("Assign as planned"))


def close_round(organiser: Visitor, slug: str, round_key: str) -> None:
    """Close a round that has all its sheets, and look at its standings."""
    say = organiser.say
    organiser.go(f"/organise/{slug}/rounds/{round_key}/progress")
    organiser.press(say("Close the round"))
    organiser.page.wait_for_url("**/standings")


def go_on_to_next_round(organiser: Visitor, slug: str, following: str) -> None:
    """End the round whose standings are shown, give the next one its judges and open it."""
    say = organiser.say
    organiser.press(say("End the round"))
    organiser.press(say("Assign as planned"))
    organiser.go(f"/organise/{slug}/rounds/{following}/progress")
    organiser.press(say("Open the round"))


def publish(organiser: Visitor, slug: str) -> None:
    """Settle the prizes by the plan and publish, by a numbered decision."""
    say = organiser.say
    organiser.go(f"/organise/{slug}/prizes")
    organiser.press(say("Settle the prizes as planned"))
    organiser.expect_text(say("The prizes are settled as the rules give them."))
    organiser.go(f"/organise/{slug}/publication")
    organiser.fill(say("Number of the decision"), "1840/QĐ-UBND")
    organiser.press(say("Publish the results"))
    organiser.expect_heading(say("The results are public"))


def look_around(organiser: Visitor, slug: str) -> None:
    """Every page of the office on a contest in judging."""
    organiser.go(f"/organise/{slug}/")
    organiser.look_in_the_dark()
    for page in ("entries", "screening", "assignment", "progress", "standings", "prizes", "publication", "record",
                 "settings", "rubric/preliminary", "people"):  # fmt: skip
        organiser.go(f"/organise/{slug}/{page}")
