"""A browser that notes whatever a page should not have done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.factories import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

    from judging.db.models import Account

# What no page of ours has: handlers and scripts in the page itself, and what loads or leads elsewhere.
_ODD = (
    "script:not([src]), iframe, object, embed, base, link:not([rel~='icon'])[href^='//'], meta[http-equiv='refresh'], "
    "[onerror], [onload], [onfocus], [ontoggle], [onbegin], [href^='javascript:'], [src^='javascript:'], [srcdoc]"
)


@dataclass
class Watched:
    """A page with all that was noted of it."""

    page: Page
    address: str
    noted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("dialog", self._dialog)
        self.page.on("pageerror", lambda error: self.noted.append(f"error: {error}"))
        self.page.on("console", self._console)
        self.page.on("request", self._request)

    def sign_in(self, account: Account) -> None:
        """Come in by the form."""
        self.page.goto(f"{self.address}/login")
        self.page.fill("[name=email]", account.email)
        self.page.fill("[name=password]", PASSWORD)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_load_state()

    def open(self, path: str) -> str:
        """Go to a page of ours, let everything happen that happens by itself, and return its text."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, path
        # Whatever is folded away may act when it is opened.
        self.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        odd = self.page.evaluate("all => [...document.querySelectorAll(all)].map(one => one.outerHTML)", _ODD)
        self.noted += [f"{path}: {one}" for one in odd]
        return str(self.page.evaluate("document.body.textContent + [...document.querySelectorAll('input, textarea')]"
                                      ".map(one => one.value).join(' ')"))  # fmt: skip

    def _dialog(self, dialog: Dialog) -> None:
        self.noted.append(f"{self.page.url}: dialog {dialog.message}")
        dialog.dismiss()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.noted.append(f"{self.page.url}: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and not request.url.startswith(self.address):
            self.noted.append(f"{self.page.url}: asked {parts.netloc}")


def watched(browser: Browser, address: str) -> Watched:
    """A new person's browser."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.add_cookies([{"name": "lang", "value": "en", "url": address}])
    return Watched(page=context.new_page(), address=address)
