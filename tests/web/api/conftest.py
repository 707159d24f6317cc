"""Programs for the tests of the interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from judging.services.access.api_tokens import SCOPES
from tests.web.api.programs import Program, program_of
from tests.web.api.two_desks import TwoDesks, make_two_desks

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from judging.db.models import Account
    from judging.services.platform import Platform


@pytest.fixture
def guest(app: Flask) -> Program:
    """A program without a token."""
    return Program(client=app.test_client())


@pytest.fixture
def acting(app: Flask, platform: Platform) -> Callable[..., Program]:
    """A program that acts for an account, with these scopes or with all."""

    def act(account: Account, *scopes: str) -> Program:
        return program_of(app, platform, account, scopes=scopes or tuple(SCOPES))

    return act


@pytest.fixture
def desks(platform: Platform) -> TwoDesks:
    """Two judges with the same work, one of whom reads an entry twice."""
    with platform.database.writing() as session:
        return make_two_desks(session, platform)
