"""The whole application, composed as `judging serve` composes it, on a data folder of the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from judging.composition import compose, create_web

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from judging.db.session import Database
    from judging.plugins import Registry
    from judging.services.platform import Platform
    from judging.settings import Settings


@pytest.fixture
def platform(settings: Settings, sqlite_database: Database, registry: Registry) -> Iterator[Platform]:
    """A platform on an empty database with all tables."""
    made = compose(settings, registry=registry)
    yield made
    made.database.close()


@pytest.fixture
def app(platform: Platform) -> Flask:
    """The application with every blueprint of the core and of the installed plugins."""
    made = create_web(platform)
    # An error must reach the test as an answer, as it reaches a browser.
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in with, reading English."""
    made = app.test_client()
    made.set_cookie("lang", "en")
    return made
