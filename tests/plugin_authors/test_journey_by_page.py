"""A contest kind of which the core knows nothing goes from its opening to its certificates, by page alone."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from judging.composition import create_web
from tests.factories import with_registry
from tests.plugin_authors.play import JUDGES, READING, Play, assign, cast, close, enter, open_contest, score, screen
from tests.plugin_authors.stranger import KIND, NAME
from tests.plugin_authors.visitor import Visitor

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from judging.plugins import Registry
    from judging.services.platform import Platform

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
FIRST = {"craft": Decimal(40), "story": Decimal(30), "use": Decimal(30)}
SECOND = {"craft": Decimal(60), "welcome": Decimal(40)}
# The second product of clay has the better sheets once the lowest of each is dropped.
STALLS = {"clay-1": ("0.8", "0.8", "0.8"), "clay-2": ("0.9", "0.9", "0.1"), "bamboo-1": ("0.6", "0.6", "0.6")}


@pytest.fixture
def play(platform: Platform, stranger: Registry) -> Play:
    with_stranger = with_registry(platform, stranger)
    app = create_web(with_stranger)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return cast(with_stranger, app)


def test_kind_of_a_stranger_goes_from_opening_to_certificates(play: Play, stranger: Registry) -> None:
    open_contest(play)
    for name in READING:
        enter(play, name)
    _see_the_pages(play)
    screen(play)
    assign(play, "reading")
    play.step("judging")
    score(play, "reading", {name: (share,) * 3 for name, share in READING.items()}, FIRST)
    close(play, "reading")
    play.office.press(play.office.go(play.at("rounds/reading/standings")), "End the round")
    assign(play, "stalls")
    play.office.press(play.office.go(play.at("rounds/stalls/assignment")), "Open the round")
    score(play, "stalls", STALLS, SECOND)
    page = close(play, "stalls")
    assert "Combined by: Mean without the lowest sheet." in page.text
    _give_prizes_and_publish(play)
    _print_papers(play)
    _read_the_report(play)
    _run_the_command(stranger)


def _see_the_pages(play: Play) -> None:
    guest = Visitor(play.app, "vi")
    about = guest.go(f"/contests/{play.slug}/").links()["Các làng nghề"]
    page = guest.go(about)
    assert "Các làng nghề" in page.text
    with guest.client.get(f"/plugins/{NAME}/static/craft-villages.css") as style:
        assert (style.status_code, style.mimetype) == (200, "text/css")
        assert "max-age=2592000" in style.headers["Cache-Control"]
    assert "default-src 'none'" in page.answer.headers["Content-Security-Policy"]
    plan = play.office.go(play.at("")).links()["Plan of the stalls"]
    assert "Bamboo and rattan" in play.office.go(plan).text
    # The page of the office is not there for others, and a guest is sent to sign in.
    assert guest.client.get(plan).status_code == 302
    maker = play.entrants["clay-1"]
    not_mine, not_there = maker.client.get(plan), maker.client.get(f"/plugins/{NAME}/nowhere/stalls")
    assert not_mine.status_code == 404
    assert without(not_mine, play.slug) == without(not_there, "nowhere")


def without(answer: TestResponse, word: str) -> str:
    """A page as a person sees it: without the part of its address that they typed, and without the form's token."""
    return _TOKEN.sub("", answer.text.replace(word, ""))


def _give_prizes_and_publish(play: Play) -> None:
    office = play.office
    page = office.press(office.go(play.at("prizes")), "Settle the prizes as planned")
    assert "The prizes are settled as the rules give them." in page.text
    office.press(office.go(play.at("publication")), "Publish the results", decision="12/QĐ-SM")
    guest = Visitor(play.app)
    results = guest.go(f"/contests/{play.slug}/results").text
    # Gold for clay-2; clay has had its one prize, so silver goes to bamboo.
    assert results.index("Gold") < results.index("Sản phẩm clay-2") < results.index("Sản phẩm bamboo-1")
    assert "Sản phẩm clay-1" not in results


def _print_papers(play: Play) -> None:
    office, winner, loser = play.office, play.entrants["clay-2"], play.entrants["clay-1"]
    page = office.go(play.at("documents"))
    listed = office.go(page.links()["Certificate"])
    assert {"Sản phẩm clay-2", "Sản phẩm bamboo-1"} <= set(listed.links())
    assert "Sản phẩm clay-1" not in listed.links()
    papers = office.go(listed.links()["Print all of this page"])
    assert papers.text.count("Certificate of the craft villages") == 2
    own = winner.go(f"/entries/{play.entries['clay-2']}/").links()["Certificate"]
    paper = winner.go(f"{own}?lang=vi")
    assert "90.000000 điểm, từ 2 phiếu" in paper.text
    assert "Nghệ Nhân clay-2" in paper.text
    assert "Certificate" not in loser.go(f"/entries/{play.entries['clay-1']}/").links()
    not_mine, not_there = loser.client.get(own), loser.client.get(own.replace("certificate", "no-such-paper"))
    assert not_mine.status_code == 404
    assert without(not_mine, "certificate") == without(not_there, "no-such-paper")
    card = office.go(f"/organise/entries/{play.entries['clay-1']}/documents/stall-card")
    assert "Ask the maker how it is made." in card.text


def _read_the_report(play: Play) -> None:
    office = play.office
    page = office.go(office.go(play.at("reports")).links()["Stalls by category"])
    assert "LN-002 Sản phẩm clay-2" in page.text
    table = office.client.get(play.at("reports/craft-villages-by-category.csv"))
    assert table.text.splitlines()[:2] == ["\ufeffCategory,Rank,Entry", "Bamboo and rattan,3,LN-003"]


def _run_the_command(stranger: Registry) -> None:
    done = CliRunner().invoke(stranger.commands["craft-villages-bands"])

    assert done.output.splitlines()[0] == "33-40: A master's work"
    assert len(JUDGES) == 3
    assert KIND in stranger.kinds
