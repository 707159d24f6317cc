"""A person with a browser who looks at each page they come to: accessible, no wider than the screen, without errors.

They find things as people do, by what is written on them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response

    from tests.e2e.house import House
    from tests.e2e.words import Words

AXE = Axe()
HEIGHT = 800
PATIENCE = 10_000  # milliseconds


class Visitor:
    """One person at one screen. `faults` collects everything that was wrong on the way; it must stay empty."""

    def __init__(self, browser: Browser, house: House, say: Words, *, width: int) -> None:
        self.say = say
        self.house = house
        self.width = width
        self.faults: list[str] = []
        self.visited: list[str] = []
        self.context = browser.new_context(
            base_url=house.address,
            viewport={"width": width, "height": HEIGHT},
            locale={"vi": "vi-VN", "en": "en-GB"}[say.language],
            color_scheme="light",
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self._fault(f"script: {error}"))
        self.page.on("request", lambda request: self._check_host(request.url))
        self.page.on("response", self._check_status)

    def go(self, path: str) -> None:
        """Open an address, as from a bookmark or a letter."""
        self.page.goto(path)
        self.look()

    def follow(self, text: str, *, within: Locator | None = None) -> None:
        """Follow the link that says so."""
        link = (within or self.page).get_by_role("link", name=text, exact=True).first
        with self.page.expect_navigation():
            link.click()
        self.look()

    def press(self, text: str, *, within: Locator | None = None) -> None:
        """Press the button that says so, and come to the page that follows."""
        button = (within or self.page).get_by_role("button", name=text, exact=True).first
        with self.page.expect_navigation():
            button.click()
        self.look()

    def fill(self, name: str, value: str, *, within: Locator | None = None) -> None:
        """Type into the field of that name."""
        (within or self.page).get_by_label(name, exact=True).first.fill(value)

    def choose(self, name: str, option: str | re.Pattern[str]) -> None:
        """Choose in the list of that name the option that says so, or fits the pattern."""
        field = self.page.get_by_label(name, exact=True).first
        wanted = field.locator("option").filter(has_text=option).first
        field.select_option(value=wanted.get_attribute("value"))

    def tick(self, name: str, *, within: Locator | None = None) -> None:
        """Tick the box of that name."""
        (within or self.page).get_by_role("checkbox", name=name).first.check()

    def section(self, heading: str) -> Locator:
        """The part of the page under that heading."""
        return self.page.locator("section").filter(has=self.page.get_by_role("heading", name=heading, exact=True)).last

    def expect_heading(self, text: str | re.Pattern[str]) -> None:
        """The page is called so."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)

    def expect_text(self, text: str) -> None:
        """The page says so."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def sign_in(self, email: str, password: str) -> None:
        """Come in by the sign-in page."""
        self.go("/login")
        self.fill(self.say("E-mail address"), email)
        self.fill(self.say("Password"), password)
        self.press(self.say("Sign in"))

    def look(self) -> None:
        """Look at the page: its language, its width, and what axe finds."""
        self.page.wait_for_load_state("load")
        self.visited.append(self.page.url)
        language = self.page.evaluate("document.documentElement.lang")
        if language != self.say.language:
            self._fault(f"the page is in {language}")
        if (most := self.page.evaluate("document.documentElement.scrollWidth")) > self.width:
            self._fault(f"{most} px wide on a screen of {self.width}")
        self._examine("light")

    def look_in_the_dark(self) -> None:
        """Look at the page in the dark scheme too."""
        self.page.emulate_media(color_scheme="dark")
        self._examine("dark")
        self.page.emulate_media(color_scheme="light")

    def tell(self) -> str:
        """Where the person is and what they read there, for the account of a failure."""
        faults = "\n".join(self.faults)
        return f"{self.page.url}\n{self.page.locator('body').inner_text()}\nfaults so far:\n{faults}"

    def leave(self) -> None:
        """Close the browser; nothing may have been wrong on the way."""
        self.context.close()
        assert self.faults == []
        assert self.visited

    def _examine(self, scheme: Literal["light", "dark"]) -> None:
        for found in AXE.run(self.page).response["violations"]:
            nodes = [node["html"][:300] for node in found["nodes"]]
            self._fault(f"axe, {scheme}: {found['id']}: {found['help']}: {nodes}")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._fault(f"console: {message.text}")

    def _check_host(self, url: str) -> None:
        if not url.startswith((self.house.address + "/", "data:", "blob:")):
            self._fault(f"asks another host: {url}")

    def _check_status(self, response: Response) -> None:
        if response.status >= 400:
            self._fault(f"{response.status} for {response.request.method} {response.url}")

    def _fault(self, text: str) -> None:
        path = re.sub(r"^https?://[^/]+", "", self.page.url)
        self.faults.append(f"{path} at {self.width} px: {text}")
