"""The page of a published contest's score log in a real browser: it recounts to the published bytes, and says so."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from judging.db.models import Contest
from judging.domain.ledger.faults import Exit
from judging.domain.ledger.notes import VerifierKey
from judging.services.results.prizes import settle_prizes
from judging.services.results.publication import publish_results
from judging.verify import Request, verify_bundle
from tests.factories import NOW
from tests.services.office import finish_rounds, hold_contest

if TYPE_CHECKING:
    from judging.services.platform import Platform
    from tests.e2e.conftest import Meet
    from tests.e2e.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PATIENCE = 20_000
RANKING = """async ([bundle, vkey]) => {
    const { readZip, recountBundle } = await import("/static/js/recount.js");
    const files = await readZip(await (await fetch(bundle)).arrayBuffer());
    const { ranking } = await recountBundle(files, { vkey });
    return btoa(Array.from(ranking, (byte) => String.fromCharCode(byte)).join(""));
}"""


@pytest.fixture
def log(platform: Platform) -> str:
    """The page of a published youth contest."""
    with platform.database.writing() as session:
        held = hold_contest(session, platform.registry, entries=5)
        finish_rounds(session, held, ("0.9", "0.85", "0.8", "0.75", "0.5"))
        settle_prizes(session, registry=platform.registry, contest=held.contest, actor=held.organiser, now=NOW)
    with platform.database.writing() as session:
        contest = session.get_one(Contest, held.contest.id)
        publish_results(
            session, registry=platform.registry, contest=contest, decision="12/QĐ", actor=held.organiser, now=NOW
        )
    return f"/contests/{held.contest.slug}/log/"


def recount(visitor: Visitor) -> None:
    visitor.page.locator("[data-recount-form] button").click()
    expect(visitor.page.locator("[data-verdict]:visible")).to_have_count(1, timeout=PATIENCE)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("width", [360, 1280])
def test_browser_recounts_the_published_result(meet: Meet, log: str, language: str, width: int) -> None:
    visitor = meet(language, width)
    visitor.go(log)
    visitor.reads(visitor.words("Score log"))

    recount(visitor)

    shown = visitor.page.locator("[data-verdict]:visible")
    assert shown.get_attribute("data-verdict") in ("0", "unproved"), shown.inner_text()
    states = visitor.page.locator("[data-step]").evaluate_all("items => items.map((item) => item.dataset.state)")
    assert set(states) == {"holds"}
    ranks = visitor.page.locator("[data-recount-ranking] section").first.locator("tbody tr td:first-child")
    assert ranks.all_inner_texts() == ["1", "2", "3", "4", "5"]
    # The ranking itself is a state of the page that axe has not seen yet.
    visitor.look_again()


def test_browser_comes_to_the_bytes_that_the_command_verifies(meet: Meet, log: str, tmp_path: Path) -> None:
    visitor = meet("en", 1280)
    visitor.go(log)
    request = visitor.page.context.request
    origin = visitor.page.url.removesuffix(log)
    data, key = request.get(f"{origin}{log}bundle.zip").body(), request.get(f"{origin}{log}1/log.vkey").text().strip()
    (tmp_path / "bundle.zip").write_bytes(data)

    counted = base64.b64decode(visitor.page.evaluate(RANKING, [f"{log}bundle.zip", key]))

    outcome = verify_bundle(Request(bundle=tmp_path / "bundle.zip", keys=(VerifierKey.parse(key),), receipts={}))
    assert outcome.code is Exit.OK
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert counted == archive.read("ranking.json")


def test_other_key_is_told_as_what_does_not_hold(meet: Meet, log: str) -> None:
    visitor = meet("en", 1280)
    visitor.go(log)
    field = visitor.page.get_by_label("Public key", exact=True)
    field.fill(field.input_value().replace("/log/1+", "/log/2+"))

    recount(visitor)

    expect(visitor.page.locator("[data-verdict]:visible")).to_contain_text("It does not hold.")
    expect(visitor.page.locator('[data-step="signature"]')).to_have_attribute("data-state", "fails")


def test_page_without_scripts_points_to_the_command(meet: Meet, log: str) -> None:
    visitor = meet("en", 360)
    page = visitor.page.context.browser.new_context(java_script_enabled=False).new_page()  # type: ignore[union-attr]
    visitor.go(log)
    page.goto(visitor.page.url)

    expect(page.get_by_text("This needs scripts", exact=False)).to_be_visible()
    expect(page.locator("[data-recount-form]")).to_be_hidden()
    expect(page.get_by_text("judging verify", exact=False).first).to_be_visible()
    page.context.close()
