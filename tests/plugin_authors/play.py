"""A contest of the stranger's kind, from its opening to its results, by nothing but pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.factories import PASSWORD, give_office, make_account, make_organisation
from tests.plugin_authors.stranger import KIND
from tests.plugin_authors.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask import Flask

    from judging.services.platform import Platform
    from tests.plugin_authors.visitor import Page

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
JUDGES = ("judge-1@example.vn", "judge-2@example.vn", "judge-3@example.vn")
READING = {"clay-1": "0.9", "clay-2": "0.85", "bamboo-1": "0.7", "thread-1": "0.5"}
"""Products by name with the share of the marks that each judge gives them in the first round."""


@dataclass(slots=True)
class Play:
    """The contest in play: who does what, and where it is found."""

    app: Flask
    office: Visitor
    slug: str = ""
    judges: list[Visitor] = field(default_factory=list)
    entrants: dict[str, Visitor] = field(default_factory=dict)
    entries: dict[str, str] = field(default_factory=dict)

    def at(self, path: str) -> str:
        """An address of the office's pages of this contest."""
        return f"/organise/{self.slug}/{path}"

    def step(self, phase: str) -> Page:
        """Let the contest go on to a phase."""
        page = self.office.press(self.office.go(self.at("settings")), "Take the step", to=phase)
        assert "The step cannot be taken yet." not in page.text, page.text
        return page


def cast(platform: Platform, app: Flask) -> Play:
    """Accounts for everybody, and an organisation with its organiser."""
    with platform.database.writing() as session:
        organiser = make_account(session, email="office@example.vn", name="Mẫu Văn Phòng")
        give_office(session, make_organisation(session, name="Sở Mẫu"), organiser, "organiser")
        for email in JUDGES:
            make_account(session, email=email, name=f"Mẫu {email[:7]}")
        for name in READING:
            make_account(session, email=f"{name}@example.vn", name=f"Nghệ Nhân {name}")
    play = Play(app=app, office=Visitor(app))
    play.office.sign_in("office@example.vn", PASSWORD)
    return play


def open_contest(play: Play) -> None:
    """Open the contest of the kind, arrange its people, and let entries in."""
    office = play.office
    page = office.go(f"/organise/new?kind={KIND}")
    play.slug = page.form_with("Open the contest").values["slug"]
    office.press(page, "Open the contest", opens_at=moment(days=-1), closes_at=moment(days=30))
    for number, email in enumerate(JUDGES):
        page = office.go(play.at("people/judges/new"))
        panels = _options(page, "panels")
        assert len(panels) == 3
        office.press(
            page, "Name the judge", email=email, name=f"Mẫu {email[:7]}", unit=f"Viện Mẫu {number}", panels=panels,
            chairs=panels if number == 0 else [],
        )  # fmt: skip
    play.step("announced")
    play.step("open")


def enter(play: Play, name: str) -> None:
    """One maker asks, begins an entry, fills it in and hands it in."""
    maker = play.entrants[name] = Visitor(play.app)
    maker.sign_in(f"{name}@example.vn", PASSWORD)
    page = maker.press(maker.go(f"/contests/{play.slug}/enter"), "Check", answer_made_by="hand")
    assert "Yes, you may enter." in page.text
    page = maker.press(page, "Begin the entry")
    play.entries[name] = page.path.split("/entries/")[1].split("/")[0]
    stop = f"/entries/{play.entries[name]}/edit"
    about = {"title": f"Sản phẩm {name}", "category": name.partition("-")[0], "answer_village": "Làng Mẫu"}
    maker.press(maker.go(f"{stop}/about"), "Save and go on", about, answer_made_by="hand", answer_years="12")
    people = {"members-0-name": f"Nghệ Nhân {name}", "members-0-unit": "Hợp tác xã Mẫu"}
    maker.press(maker.go(f"{stop}/people"), "Save and go on", people)
    maker.press(maker.go(f"{stop}/text"), "Save and go on", answer_story="Ba đời làm nghề.")
    page = maker.go(f"{stop}/review")
    assert "Nothing is missing." in page.text, page.text
    assert "Receipt" in maker.press(page, "Hand it in").text


def screen(play: Play) -> None:
    """Close the entries and find every one of them eligible."""
    play.step("closed")
    play.step("screening")
    for entry_id in play.entries.values():
        play.office.press(play.office.go(f"/organise/entries/{entry_id}"), "Eligible")


def assign(play: Play, round_key: str) -> None:
    """Plan the judges of a round."""
    page = play.office.press(play.office.go(play.at(f"rounds/{round_key}/assignment")), "Assign as planned")
    assert "every place that can be filled is filled" in page.text, page.text


def score(play: Play, round_key: str, shares: Mapping[str, Sequence[str]], highest: Mapping[str, Decimal]) -> None:
    """Let every judge declare, mark each of their sheets, and submit it."""
    for number, email in enumerate(JUDGES):
        if number == len(play.judges):
            judge = Visitor(play.app)
            judge.sign_in(email, PASSWORD)
            play.judges.append(judge)
        judge = play.judges[number]
        page = judge.go(f"/judge/{play.slug}/conflicts")
        if page.path.partition("?")[0].endswith("/conflicts/units"):
            page = judge.press(page, "Record and go on", none="1")
        if "/conflicts" in page.path:
            judge.press(page, "Record and go on", looked="1")
        for name, own in shares.items():
            _mark(judge, play, round_key, name, Decimal(own[number]), highest)


def _mark(
    judge: Visitor, play: Play, round_key: str, name: str, share: Decimal, highest: Mapping[str, Decimal]
) -> None:
    page = judge.go(f"/judge/{play.slug}?round={round_key}")
    sheets = [url for words, url in page.links().items() if re.search(r"/sheets/", url) and f"Sản phẩm {name}" in words]
    assert sheets, f"{name}: {page.links()}"
    page = judge.go(sheets[0])
    marks = {f"m-{key}": str((high * share).quantize(Decimal(1))) for key, high in highest.items()}
    # Without a script the button keeps the words with which the page came: how much is still to be marked.
    page = judge.press(page, f"{len(marks)} criteria left", marks, comment="Sản phẩm đẹp và bền.")
    assert "Receipt code" in judge.press(page, "Submit the sheet").text


def close(play: Play, round_key: str) -> Page:
    """Close the reading of a round; returns its standings."""
    page = play.office.go(play.at(f"rounds/{round_key}/progress"))
    return play.office.press(page, "Close the round")


def moment(*, days: int) -> str:
    """A moment so many days from now as a date control takes it, in the contest's zone."""
    return (datetime.now(UTC) + timedelta(days=days)).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def _options(page: Page, name: str) -> list[str]:
    return [one.get("value", "") for one in page.tree.iter("input") if one.get("name") == name]
