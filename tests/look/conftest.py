"""The gallery as a test client and, for browser tests, as a running server."""

from __future__ import annotations

import os
import shutil
import threading
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from .app import create_gallery

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from playwright.sync_api import Browser, Page

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)


@pytest.fixture(scope="session")
def gallery_client() -> FlaskClient:
    """Give a test client of the gallery."""
    return create_gallery().test_client()


@pytest.fixture(scope="session")
def gallery_url() -> Iterator[str]:
    """Serve the gallery on a free port for the session."""
    server = make_server("127.0.0.1", 0, create_gallery(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium once; without one the tests are skipped, in CI they fail."""
    if CHROMIUM is None:
        message = "no Chromium found"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """Give a page as wide as a small phone."""
    page = chromium.new_page(viewport={"width": 360, "height": 780})
    yield page
    page.context.close()


@pytest.fixture
def desk(chromium: Browser) -> Iterator[Page]:
    """Give a page on a desk's screen."""
    page = chromium.new_page(viewport={"width": 1280, "height": 1000})
    yield page
    page.context.close()
