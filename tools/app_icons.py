"""Draws the icons of the installed app from our own drawing: `python -m tools.app_icons`. Needs Chromium."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from conftest import CHROMIUM_ARGUMENTS, find_chromium
from judging.paths import static_folder

DRAWING = "icon.svg"
# A device may cut a maskable icon to a circle of four fifths of its width: the drawing stays inside.
ICONS = (("app-192.png", 192, 0.0), ("app-512.png", 512, 0.0), ("app-maskable-512.png", 512, 0.2))


def main() -> None:
    """Write the icons beside the drawing."""
    folder = static_folder() / "img"
    drawing = (folder / DRAWING).read_text("utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        for name, size, margin in ICONS:
            _draw(browser, drawing, folder / name, size, margin)
        browser.close()


def _draw(browser: Browser, drawing: str, path: Path, size: int, margin: float) -> None:
    page = browser.new_page(viewport={"width": size, "height": size})
    inside = round(size * (1 - margin))
    page.set_content(
        "<style>html,body{margin:0;height:100%}body{background:#fff;display:grid;place-items:center}"
        f"svg{{width:{inside}px;height:{inside}px}}</style>{drawing}"
    )
    page.screenshot(path=path)
    page.close()


if __name__ == "__main__":
    main()
