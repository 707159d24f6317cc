"""A person with a browser of their own, who finds things on a page by what is written there.

Whatever page comes up is looked at: accessibility, width, errors of scripts, and requests to anywhere else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Locator, Request

    from tests.e2e.words import Words

HEIGHT = 900
PATIENCE = 10_000
_MOST_TABS = 300
# Describing every element that passed takes longer than finding those that do not.
_VIOLATIONS_ONLY = {"resultTypes": ["violations"]}
# Ids and names of contests in an address; what is left is the kind of page.
_NAMES_IN_PATH = re.compile(r"(?<=/)(?:[^/]*\d[^/]*)(?=/|$)")
_PAGE = """() => ({
  language: document.documentElement.lang,
  wide: document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
    .filter((part) => part.getBoundingClientRect().right > innerWidth + 0.5)
    .map((part) => part.cloneNode().outerHTML.slice(0, 120)),
  heads: [...document.querySelectorAll("h1, h2")].map((head) => head.textContent.trim()),
})"""


_GROUPS = {
    "Entries": ("Possible duplicates", "Receiving"),
    "Judging": ("Assignment", "Judging progress", "Standings"),
    "Results": ("Prizes", "Publication", "Documents", "Reports"),
    "Settings": ("Rubrics",),
}
"""The office's pages that stand in a group under another's name."""


class Visitor:
    """One person's browser, with the faults of the pages they saw.

    `words` is the language that they read, `checked` the pages that axe has seen already, shared by the visitors of a
    test. `read_letter` gives the newest letter to an address. With `keyboard` they never use a mouse.
    """

    def __init__(
        self,
        browser: Browser,
        address: str,
        *,
        words: Words,
        width: int,
        checked: set[str],
        read_letter: Callable[[str], str],
        keyboard: bool = False,
    ) -> None:
        self.words = words
        self.read_letter = read_letter
        self.width = width
        self.keyboard = keyboard
        self.faults: list[str] = []
        self._address = address
        self._checked = checked
        locale = {"vi": "vi-VN", "en": "en-GB"}[words.language]
        self._context = browser.new_context(viewport={"width": width, "height": HEIGHT}, locale=locale)
        self._context.set_default_timeout(PATIENCE)
        self.page = self._context.new_page()
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self._fault(f"script error: {error}"))
        self._context.on("request", self._note_request)

    def close(self) -> None:
        """Put the browser away."""
        self._context.close()

    def go(self, path: str) -> None:
        """Type an address."""
        self._arrive(lambda: self.page.goto(self._address + path))

    def answer_of(self, path: str) -> int:
        """The status with which the server answers this person at `path`."""
        return self._context.request.get(self._address + path).status

    def go_if_there(self, path: str) -> bool:
        """Whether something is there for this person, not somewhere else; if it is a page, go and look at it."""
        answer = self._context.request.get(self._address + path, max_redirects=0)
        if answer.status == 200 and answer.headers["content-type"].startswith("text/html"):
            self.go(path)
        return answer.status == 200

    def follow(self, text: str) -> None:
        """Click the link with exactly this text."""
        self._arrive(lambda: self._use(self.page.get_by_role("link", name=text, exact=True)))

    def open_side(self, text: str) -> None:
        """Go to a page of the contest by the list in the margin, in which groups of pages open one at a time."""
        link = self._in_the_margin(text)
        if not link.count():
            group = next(group for group, pages in _GROUPS.items() if text in map(self.words, pages))
            self._arrive(self._in_the_margin(self.words(group)).click)
            link = self._in_the_margin(text)
        self._arrive(link.click)

    def _in_the_margin(self, text: str) -> Locator:
        fold = self.page.locator("details.side-menu:not([open]) > summary")
        if fold.is_visible():
            # On a phone the list is a fold.
            fold.click()
        around = self.page.get_by_role("navigation", name=self.words("Contest"), exact=True)
        return around.get_by_role("link", name=text, exact=True)

    def press(self, text: str) -> None:
        """Press the button with exactly this text; it leads to a page."""
        self._arrive(lambda: self._use(self.page.get_by_role("button", name=text, exact=True)))

    def fill(self, label: str, value: str) -> None:
        """Type into the field with exactly this label."""
        field = self.page.get_by_label(label, exact=True)
        if not self.keyboard:
            field.fill(value)
            return
        self.reach(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(value)
        expect(field).to_have_value(value)

    def choose(self, label: str, option: str) -> None:
        """Take an option of the list with exactly this label."""
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def tick(self, label: str, *, within: Locator | None = None) -> None:
        """Tick the box with exactly this label, which a help may follow."""
        box = (within or self.page).get_by_role("checkbox", name=re.compile(rf"^{re.escape(label)}(\s|$)"))
        if self.keyboard:
            self.reach(box)
            self.page.keyboard.press("Space")
        else:
            box.check()
        expect(box).to_be_checked()

    def send_file(self, button: str, path: Path) -> None:
        """Choose a file in the form that this button sends, send it, and see it in the dossier."""
        send = self.page.get_by_role("button", name=button, exact=True)
        self.page.locator("form").filter(has=send).locator("input[type=file]").set_input_files(path)
        # The script sends it and the page stays; once the item has all its files, its form is gone.
        item = self.page.locator("section[id^=item-]").filter(has=send).get_attribute("id")
        self._use(send)
        expect(self.page.locator(f"#{item} [data-kept] li").filter(has_text=path.name)).to_have_count(1)
        self.look_again()

    def group(self, name: str) -> Locator:
        """The fields that stand under this name."""
        return self.page.get_by_role("group", name=name, exact=True)

    def reads(self, title: str) -> None:
        """Expect the page to be headed by exactly this."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    def look_again(self) -> None:
        """Look at a page that has changed since it came up."""
        self._checked.clear()
        self._look(200)

    def _use(self, target: Locator) -> None:
        if not self.keyboard:
            target.click()
            return
        self.reach(target)
        self.page.keyboard.press("Enter")

    def reach(self, target: Locator) -> None:
        """Go to an element by the Tab key alone, with its focus to be seen."""
        expect(target).to_be_visible()
        for _ in range(_MOST_TABS):
            if target.evaluate("element => element === document.activeElement"):
                assert target.evaluate("element => element.matches(':focus-visible')"), "the focus cannot be seen"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key does not lead to {target} on {self.page.url}")

    def _arrive(self, act: Callable[[], object]) -> None:
        with self.page.expect_navigation(wait_until="load") as arrival:
            act()
        status = arrival.value.status
        if status >= 400:
            self._fault(f"answered {status}")
        self._look(status)

    def _look(self, status: int) -> None:
        page = self.page.evaluate(_PAGE)
        if page["wide"]:
            self._fault(f"too wide: {'; '.join(page['wide'][:6])}")
        if page["language"] != self.words.language:
            self._fault(f"the page is in {page['language']}")
        state = f"{self.width} {self._place()} {status} {page['heads']}"
        if state in self._checked:
            return
        self._checked.add(state)
        for violation in Axe().run(self.page, options=_VIOLATIONS_ONLY).response["violations"]:
            places = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
            self._fault(f"axe {violation['id']}: {places}")

    def _place(self) -> str:
        return _NAMES_IN_PATH.sub("*", urlsplit(self.page.url).path)

    def _fault(self, what: str) -> None:
        self.faults.append(f"{self._place()} at {self.width} px: {what}")

    def _note_console(self, message: ConsoleMessage) -> None:
        # What the content security policy stops is told here too.
        if message.type == "error":
            self._fault(f"console: {message.text}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self._address}/", "data:", "blob:")):
            self._fault(f"request to {request.url}")
