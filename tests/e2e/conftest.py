"""The real application behind a real server on a loopback port, and a browser to visit it with."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from conftest import CHROMIUM_ARGUMENTS, find_chromium
from judging.composition import compose, create_web
from tests.e2e.house import House
from tests.factories import give_office, make_account, make_organisation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from judging.db.session import Database
    from judging.plugins import Registry
    from judging.settings import Settings

# Not even a misspelt address leaves the machine.
NO_OTHER_HOST = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


class _Silent(WSGIRequestHandler):
    """Requests are not worth a line each."""

    def log_request(self, *_args: object, **_more: object) -> None:
        """Write nothing."""


@pytest.fixture
def house(settings: Settings, sqlite_database: Database, registry: Registry) -> Iterator[House]:
    """The application of an installation in which one department has an organiser and a secretary, and nothing else."""
    platform = compose(settings, registry=registry)
    with platform.database.writing() as session:
        department = make_organisation(session, name="Sở Khoa học và Công nghệ tỉnh Mẫu")
        for role in ("organiser", "secretary"):
            person = make_account(session, email=f"{role}@example.vn", name=f"Mẫu {role}")
            give_office(session, department, person, role)
    app = create_web(platform)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield House(platform=platform, app=app, address=f"http://127.0.0.1:{server.port}")
    server.shutdown()
    thread.join()
    server.server_close()
    platform.database.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, started once."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_chromium(), args=[*CHROMIUM_ARGUMENTS, NO_OTHER_HOST])
        yield browser
        browser.close()
