"""The gallery as a test client and, for browser tests, as a running server."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import make_server

from .app import create_gallery

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from playwright.sync_api import Browser, Page


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


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """Give a page as wide as a small phone."""
    page = browser.new_page(viewport={"width": 360, "height": 780})
    yield page
    page.context.close()


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    """Give a page on a desk's screen."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    yield page
    page.context.close()
