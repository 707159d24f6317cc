"""Make the pictures of the judge's pages from the demo, in a real browser: `python -m tools.judging_pictures`."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

from playwright.sync_api import expect, sync_playwright

from conftest import CHROMIUM_ARGUMENTS, find_chromium
from tools.screenshots import IMAGES, make_demo, save_picture, served, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

FOLDER = IMAGES / "judging"
_PHONE: ViewportSize = {"width": 360, "height": 780}
_TALLEST = 1500
_SHEETS = "a[href^='/judge/sheets/']"
_NOTE = {"vi": "Hỏi thêm về giá thành khi làm hàng loạt.", "en": "Ask what it costs when many are made."}
_COMMENT = {
    "vi": "Ý tưởng rõ ràng, làm được ở trường. Nên thử thêm vào mùa mưa.",
    "en": "A clear idea that a school can build. It should be tried in the rainy season.",
}


def main() -> None:
    """Build the demo with all contests in judging, and go through a judge's day in both languages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        email, password = make_demo(folder, "--stage", "judging")["judge"]
        browser = play.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        for base in served(folder):
            for language in ("vi", "en"):
                page = _arrive(browser, base, language)
                sign_in(page, base, email, password)
                _walk(page, base, language)
                page.context.close()
        browser.close()


def _arrive(browser: Browser, base: str, language: str) -> Page:
    # Without its worker the device says nothing of work without a network, which takes a while to fetch.
    context = browser.new_context(viewport=_PHONE, reduced_motion="reduce", service_workers="block")
    context.add_cookies([{"name": "lang", "value": language, "url": base}])
    return context.new_page()


def _walk(page: Page, base: str, language: str) -> None:
    page.goto(f"{base}/judge/")
    _picture(page, "home", language)
    page.goto(base + str(page.locator(_SHEETS).first.get_attribute("href")))
    _put_aside(page, language)
    page.reload()
    _mark(page, most=2)
    _picture(page, "sheet", language)
    _mark(page, most=100)
    with page.expect_response("**/draft"):
        page.locator("#comment").fill(_COMMENT[language])
    _recorded(page)
    page.locator("[data-next]").click()
    page.wait_for_url("**/review")
    page.locator("main form button.button-primary").click()
    page.wait_for_url("**/receipt")
    _picture(page, "receipt", language)


def _put_aside(page: Page, language: str) -> None:
    """Unfold what stands beside the sheet and write a note; the entry stays in its place."""
    for fold in ("#note", "#aside"):
        page.locator(f"{fold} > summary").click()
    with page.expect_response("**/note"):
        page.locator("#note-text").fill(_NOTE[language])
    expect(page.locator("#note [data-save-time]")).to_have_attribute("data-stage", "recorded")
    page.locator("#aside-kind").select_option("model-missing")
    _picture(page, "later", language)


def _mark(page: Page, *, most: int) -> None:
    """Four fifths of the scale, in the page's own notation, in as many fields as are wanted."""
    with page.expect_response("**/draft"):
        for field in page.locator("[data-stepper]").all()[:most]:
            high = float(field.get_attribute("data-high") or "0")
            field.locator("[data-mark]").fill(f"{round(high * 0.8):d}")
    _recorded(page)


def _recorded(page: Page) -> None:
    expect(page.locator("form[data-sheet] [data-save]")).to_have_attribute("data-stage", "recorded")


def _picture(page: Page, name: str, language: str) -> None:
    page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    save_picture(page, FOLDER / f"{name}-360-{language}.png", tallest=_TALLEST)


if __name__ == "__main__":
    main()
