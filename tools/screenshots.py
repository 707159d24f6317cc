"""Make the pictures of the documentation from the demo year, in a real browser: `python -m tools.screenshots`."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image
from playwright.sync_api import sync_playwright

from conftest import CHROMIUM_ARGUMENTS, find_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
_TALLEST = 2400
_READY = 30.0


class Picture(NamedTuple):
    """A page to show: the file's name, whose page it is, its address or the link that leads to it, and the screen."""

    name: str
    role: str
    path: str
    width: int
    language: str
    link: str = ""
    scheme: str = "light"


PICTURES = (
    Picture("results-1280-vi", "", "/contests/youth-creativity-2021/results", 1280, "vi"),
    Picture("results-360-en", "", "/contests/youth-creativity-2021/results", 360, "en"),
    Picture("judge-sheet-360-vi", "judge", "/judge/", 360, "vi", link="a[href^='/judge/sheets/']"),
    Picture("judge-sheet-1280-vi", "judge", "/judge/", 1280, "vi", link="a[href^='/judge/sheets/']"),
    Picture("judge-sheet-360-dark-en", "judge", "/judge/", 360, "en", link="a[href^='/judge/sheets/']", scheme="dark"),
    Picture("board-1280-vi", "organiser", "/organise/technical-innovation-2021/", 1280, "vi"),
    Picture("board-768-en", "organiser", "/organise/technical-innovation-2021/", 768, "en"),
    Picture("standings-1280-vi", "organiser", "/organise/youth-creativity-2021/rounds/final/standings", 1280, "vi"),
    Picture("entry-360-vi", "contestant", "/my/entries", 360, "vi", link="a[href*='/edit/']"),
    Picture("rules-768-vi", "", "/contests/startup-2021/rules", 768, "vi"),
    Picture("contest-1280-dark-en", "", "/contests/startup-2021/", 1280, "en", scheme="dark"),
)


def main() -> None:
    """Build the demo in a folder of its own, serve it on loopback, and write every picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        passwords = make_demo(folder)
        browser = play.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        for base in served(folder):
            for picture in PICTURES:
                _take(browser, base, picture, passwords)
        browser.close()


def make_demo(folder: str, *options: str) -> dict[str, tuple[str, str]]:
    """Build the demo in this folder; the e-mail address and password of one account for each role."""
    made = subprocess.run(
        [sys.executable, "-m", "judging.cli", "demo", "--no-serve", "--json", "--data", folder, *options],
        check=True,
        capture_output=True,
    )
    return {one["role"]: (one["email"], one["password"]) for one in json.loads(made.stdout)["accounts"]}


def served(folder: str) -> Iterator[str]:
    """Where the demo in this folder is served, on loopback, until the next is asked for."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "judging.cli", "serve", "--data", folder, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(base)
        yield base
    finally:
        server.terminate()
        server.wait()


def _wait(base: str) -> None:
    end = time.monotonic() + _READY
    while True:
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=1):  # noqa: S310 - our own server
                return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _take(browser: Browser, base: str, picture: Picture, passwords: dict[str, tuple[str, str]]) -> None:
    context = browser.new_context(
        viewport={"width": picture.width, "height": 900},
        color_scheme="dark" if picture.scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "lang", "value": picture.language, "url": base}])
    page = context.new_page()
    if picture.role:
        sign_in(page, base, *passwords[picture.role])
    page.goto(base + picture.path)
    if picture.link:
        page.goto(base + str(page.locator(picture.link).first.get_attribute("href")))
    save_picture(page, IMAGES / f"{picture.name}.png", tallest=_TALLEST)
    context.close()


def save_picture(page: Page, target: Path, *, tallest: int) -> None:
    """As tall as the page, not a picture of the whole page: what stays in reach at the foot is then at the foot."""
    screen = page.viewport_size
    assert screen is not None  # noqa: S101 - every page here was given one
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), tallest)
    page.set_viewport_size({"width": screen["width"], "height": height})
    page.screenshot(path=target)
    page.set_viewport_size(screen)
    _shrink(target)


def sign_in(page: Page, base: str, email: str, password: str) -> None:
    """Sign in and wait for the page that follows."""
    page.goto(f"{base}/login")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def _shrink(target: Path) -> None:
    """Keep 64 colours: a page of text needs no more, and pictures stay small in the history.

    They are chosen by how far they are apart, not by how often they occur: else the amber of one figure is lost.
    """
    with Image.open(target) as full:
        kept = full.convert("RGB").quantize(64, method=Image.Quantize.MAXCOVERAGE)
    kept.save(target, optimize=True)


if __name__ == "__main__":
    main()
