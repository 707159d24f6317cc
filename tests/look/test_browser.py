"""The look in a real browser: accessibility, widths, and the scripts of the score sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .app import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

# Buttons, fields and the links people aim at; 44 px, less half a pixel for rounding.
TOO_SMALL = """() => [...document.querySelectorAll(
      "button, .button, .input, .key, summary, .side a, .tabs a, .main-nav a, .check, .band-row")]
    .filter((item) => item.checkVisibility() && item.getBoundingClientRect().height < 43.5)
    .map((item) => item.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_pages_pass_axe_and_fit_their_width(
    browser: Browser, gallery_url: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    for name in [*PAGES, "error/404"]:
        page.goto(f"{gallery_url}/{name}")
        results = Axe().run(page, options={"resultTypes": ["violations"]})
        faults += [
            f"{name}: {fault['id']} {[node['html'] for node in fault['nodes']]}"
            for fault in results.response["violations"]
        ]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{name} is wider than {width}")
    page.context.close()
    # Chromium reports the status of the page itself as an error of the console.
    assert [fault for fault in faults if "404" not in fault] == []


@pytest.mark.parametrize("width", [360, 1280])
def test_controls_are_large_enough_to_touch(browser: Browser, gallery_url: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    small: list[str] = []
    for name in PAGES:
        page.goto(f"{gallery_url}/{name}")
        small += page.evaluate(TOO_SMALL)
    page.context.close()
    assert small == []


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_answers_of_a_dossier_are_not_squeezed_beside_their_questions(
    browser: Browser, gallery_url: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{gallery_url}/sheet")
    if page.locator(".dossier:not([open])").count():
        page.locator(".dossier > summary").click()
    answer = page.locator(".dossier .summary dd").bounding_box()
    page.context.close()
    assert answer is not None
    assert answer["width"] > 240


def test_rank_of_a_row_stands_apart_from_its_score_on_a_phone(phone: Page, gallery_url: str) -> None:
    phone.goto(f"{gallery_url}/standings")
    row = phone.locator("tbody tr").first
    rank, title, score = (row.locator(part).bounding_box() for part in ("td.rank", ".main", ".num.strong:not(.rank)"))
    assert rank is not None
    assert title is not None
    assert score is not None
    assert rank["x"] + rank["width"] < title["x"]
    assert title["x"] < score["x"]


def test_number_key_fills_the_field_and_the_total(desk: Page, gallery_url: str) -> None:
    desk.goto(f"{gallery_url}/sheet")
    desk.locator("label[for=creativity-band-b1]").click()
    desk.get_by_role("button", name="25", exact=True).click()
    expect(desk.locator("#creativity")).to_have_value("25")
    expect(desk.locator("[data-total]")).to_have_text("57,5")
    expect(desk.locator("[data-next]")).to_have_text("1 criterion left")


def test_typed_digits_choose_the_band_of_the_number(desk: Page, gallery_url: str) -> None:
    desk.goto(f"{gallery_url}/sheet")
    desk.locator("#creativity-band-b0").focus()
    desk.keyboard.type("17")
    expect(desk.locator("#creativity")).to_have_value("17")
    expect(desk.locator("#creativity-band-b2")).to_be_checked()


def test_other_band_clears_the_number_and_says_so(desk: Page, gallery_url: str) -> None:
    desk.goto(f"{gallery_url}/sheet")
    desk.get_by_role("button", name="Change").first.click()
    desk.locator("label[for=novelty-band-b2]").click()
    expect(desk.locator("#novelty")).to_have_value("")
    expect(desk.locator("#criterion-novelty [data-band-said]")).to_contain_text("cleared")


def test_band_of_one_number_gives_that_number(desk: Page, gallery_url: str) -> None:
    desk.goto(f"{gallery_url}/sheet")
    desk.locator("label[for=creativity-band-b4]").click()
    expect(desk.locator("#creativity")).to_have_value("0")


def test_wide_band_offers_a_stepper_instead_of_keys(desk: Page, gallery_url: str) -> None:
    desk.goto(f"{gallery_url}/sheet")
    desk.locator("label[for=creativity-band-b3]").click()
    expect(desk.locator("#creativity")).to_be_visible()
    desk.locator("#creativity").fill("12")
    expect(desk.locator("#criterion-creativity [data-criterion-mark]")).to_have_text("12")


def test_stepper_moves_by_its_step_and_stops_at_its_ends(desk: Page, gallery_url: str) -> None:
    desk.goto(f"{gallery_url}/sheet")
    more = desk.locator("[data-stepper]:has(#use-easy) [data-by='1']")
    for _ in range(5):
        more.click()
    expect(desk.locator("#use-easy")).to_have_value("10")
    desk.locator("#use-easy").press("ArrowDown")
    expect(desk.locator("#use-easy")).to_have_value("9,5")


def test_undo_takes_back_the_last_change(desk: Page, gallery_url: str) -> None:
    desk.goto(f"{gallery_url}/sheet")
    desk.locator("#use-wide").fill("11")
    expect(desk.locator("[data-total]")).to_have_text("43,5")
    desk.locator("[data-undo]").click()
    expect(desk.locator("#use-wide")).to_have_value("")
    expect(desk.locator("[data-total]")).to_have_text("32,5")


def test_next_leads_to_the_criterion_without_a_mark(phone: Page, gallery_url: str) -> None:
    phone.goto(f"{gallery_url}/sheet")
    phone.locator("label[for=creativity-band-b4]").click()
    phone.locator("[data-next]").click()
    expect(phone.locator("#use-wide")).to_be_focused()
    assert phone.url.endswith("/sheet")


def test_recorded_is_shown_only_after_the_answer(desk: Page, gallery_url: str) -> None:
    held: list[Route] = []
    desk.route("**/drafts/1", lambda route: held.insert(0, route))
    desk.goto(f"{gallery_url}/sheet")
    desk.locator("#use-wide").fill("11")
    expect(desk.locator("[data-save]")).to_have_attribute("data-stage", "device")
    expect(desk.locator("[data-save]")).to_have_attribute("data-stage", "sending")
    assert "10:42:18" not in desk.locator("[data-save-time]").inner_text()
    held[0].continue_()
    expect(desk.locator("[data-save]")).to_have_attribute("data-stage", "recorded")
    expect(desk.locator("[data-save-time]")).to_contain_text("10:42:18")


def test_late_answer_does_not_overwrite_the_total_of_what_was_typed_since(desk: Page, gallery_url: str) -> None:
    held: list[Route] = []
    desk.route("**/drafts/1", lambda route: held.insert(0, route))
    desk.goto(f"{gallery_url}/sheet")
    desk.locator("#use-wide").fill("11")
    expect(desk.locator("[data-save]")).to_have_attribute("data-stage", "sending")
    desk.locator("#use-wide").fill("12")
    total = desk.locator("[data-total]").inner_text()
    with desk.expect_response("**/drafts/1"):
        held[0].fulfill(json={"time": "10:42:18", "total": "1,25", "left": 0, "version": 2})
    # The second save is on its way once the first was answered; by then the late figures have been seen and let go.
    expect(desk.locator("[data-save]")).to_have_attribute("data-stage", "sending")
    assert desk.locator("[data-total]").inner_text() == total


def test_offline_change_survives_a_reload_and_is_sent_later(desk: Page, gallery_url: str) -> None:
    desk.goto(f"{gallery_url}/sheet")
    desk.route("**/drafts/1", lambda route: route.abort())
    desk.locator("#use-wide").fill("11")
    expect(desk.locator("[data-save-trouble]")).to_contain_text("Offline.")
    expect(desk.locator("[data-save]")).to_have_attribute("data-stage", "device")
    desk.unroute("**/drafts/1")
    desk.on("dialog", lambda dialog: dialog.accept())
    desk.reload()
    expect(desk.locator("#use-wide")).to_have_value("11")
    expect(desk.locator("[data-save]")).to_have_attribute("data-stage", "recorded")
    expect(desk.locator("[data-save-trouble]")).to_be_hidden()


def test_refused_draft_is_not_called_recorded(desk: Page, gallery_url: str) -> None:
    desk.goto(f"{gallery_url}/sheet")
    desk.locator("label[for=creativity-band-b3]").click()
    desk.get_by_role("button", name="Change").first.click()
    desk.locator("label[for=novelty-band-b3]").click()
    desk.locator("#novelty").fill("99")
    expect(desk.locator("#novelty-error")).to_have_text("Từ 0 đến 30.")
    expect(desk.locator("[data-save]")).to_have_attribute("data-stage", "device")
    expect(desk.locator("[data-save-trouble]")).to_contain_text("Not recorded.")


def test_ended_session_keeps_the_draft_and_says_so(desk: Page, gallery_url: str) -> None:
    desk.route("**/drafts/1", lambda route: route.fulfill(status=401))
    desk.goto(f"{gallery_url}/sheet")
    desk.locator("#comment").fill("Em đo được.")
    expect(desk.locator("[data-save-trouble]")).to_contain_text("signed out")
    assert desk.evaluate("localStorage.getItem('draft:gallery')") is not None


def test_sentences_are_counted_as_one_types(desk: Page, gallery_url: str) -> None:
    desk.goto(f"{gallery_url}/sheet")
    desk.locator("#comment").fill("Em đo được 8.5 lít mỗi giờ. Nên thử thêm vào mùa lũ!")
    expect(desk.locator("#comment-count")).to_have_text("Sentences: 2. Enough to submit.")


def test_countdown_follows_the_clock_of_the_server(desk: Page, gallery_url: str) -> None:
    desk.clock.install(time="2001-01-01T00:00:00Z")
    desk.goto(f"{gallery_url}/entry-form")
    expect(desk.locator("[data-deadline-text]")).to_have_text("2 days 04:17:09 left")
    desk.clock.run_for(10_000)
    expect(desk.locator("[data-deadline-text]")).to_have_text("2 days 04:16:59 left")


def test_chosen_theme_stays(desk: Page, gallery_url: str) -> None:
    desk.goto(f"{gallery_url}/accents")
    desk.locator("[data-theme-choice] [value=dark]").click()
    desk.goto(f"{gallery_url}/board")
    assert desk.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 24, 31)"
    expect(desk.locator("[data-theme-choice] [value=dark]")).to_have_attribute("aria-pressed", "true")


def test_menu_opens_and_closes_by_keyboard(phone: Page, gallery_url: str) -> None:
    phone.goto(f"{gallery_url}/board")
    phone.locator(".menu > summary").press("Enter")
    expect(phone.locator(".menu-panel")).to_be_visible()
    phone.keyboard.press("Escape")
    expect(phone.locator(".menu-panel")).to_be_hidden()
    expect(phone.locator(".menu > summary")).to_be_focused()


def test_sheet_without_script_offers_bands_and_typed_marks(browser: Browser, gallery_url: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 780}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{gallery_url}/sheet")
    page.locator("label[for=creativity-band-b1]").click()
    page.locator("#creativity").fill("25")
    expect(page.locator("#creativity-band-b1")).to_be_checked()
    expect(page.locator(".js-only").first).to_be_hidden()
    context.close()
