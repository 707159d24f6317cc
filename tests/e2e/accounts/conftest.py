"""People with accounts, at an address for which browsers make passkeys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import make_server

from tests.e2e.served import Site
from tests.e2e.stage import Person
from tests.factories import PASSWORD, make_account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from judging.services.platform import Platform


@pytest.fixture
def platform(platform: Platform) -> Platform:
    """The platform, with a port of its own in the address that letters and passkeys are made for."""
    probe = make_server("127.0.0.1", 0, lambda *_: [])
    probe.server_close()
    return replace(platform, settings=replace(platform.settings, base_url=f"http://localhost:{probe.port}"))


@pytest.fixture
def address(platform: Platform) -> Iterator[str]:
    """Where the application is served: a name, since a passkey is bound to one and not to a number."""
    base_url = platform.settings.base_url
    port = int(base_url.rpartition(":")[2])
    site = Site(platform, host="localhost", port=port)
    yield base_url
    site.stop()


@pytest.fixture
def somebody(platform: Platform) -> Callable[[str], Person]:
    """Makes a person with an account, who reads the language given."""

    def make(language: str) -> Person:
        with platform.database.writing() as session:
            account = make_account(session, name="Lê Mẫu An", email="an@example.vn", locale=language)
            return Person(name=account.name, email=account.email, password=PASSWORD)

    return make
